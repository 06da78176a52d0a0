package io.lockweave.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** What Lockweave itself needs in a native image: its backends by name, its scripts and its schemas. */
final class LockweaveHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        hints.reflection()
                .registerType(TypeReference.of("io.lockweave.invoke.CallRoot"), MemberCategory.INVOKE_PUBLIC_METHODS);
        hints.resources()
                .registerPattern("META-INF/services/io.lockweave.spi.*")
                .registerPattern("io/lockweave/spring/actuate/locks.*")
                .registerPattern("io/lockweave/redis/*.lua")
                .registerPattern("io/lockweave/jdbc/*.sql");
        for (String factory :
                new String[] {"io.lockweave.redis.RedisBackendFactory", "io.lockweave.jdbc.JdbcBackendFactory"}) {
            hints.reflection().registerType(TypeReference.of(factory), MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
        }
    }
}
