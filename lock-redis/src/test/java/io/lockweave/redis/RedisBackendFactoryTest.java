package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackendFactory;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisBackendFactoryTest {

    private static RedisServer server;

    private final LockBackendFactory factory = ServiceLoader.load(LockBackendFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals("redis"))
            .findFirst()
            .orElseThrow();

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Settings out of a map; how texts become values is tested where that is done. */
    private record Settings(Map<String, String> map) implements BackendSettings {

        @Override
        public Optional<String> text(String property) {
            return Optional.ofNullable(map.get(property));
        }

        @Override
        public int number(String property, int least, int otherwise) {
            return text(property).map(Integer::parseInt).orElse(otherwise);
        }

        @Override
        public boolean flag(String property, boolean otherwise) {
            return text(property).map(Boolean::parseBoolean).orElse(otherwise);
        }

        @Override
        public Duration duration(String property, Duration otherwise) {
            return text(property).map(Duration::parse).orElse(otherwise);
        }

        @Override
        public String oneOf(String property, List<String> words) {
            return text(property).orElse(words.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "jedis", "lettuce", "redisson"})
    void aBackendIsMadeFromPropertiesAndWorks(String client) {
        try (Locks locks = Locks.builder(factory.create(
                        new Settings(Map.of("uri", server.uri() + "/2", "client", client, "timeout", "PT1S"))))
                .build()) {
            try (HeldLock lock = locks.acquire(LockKey.of("made", client))) {
                assertThat(lock.isHeld()).isTrue();
                assertThat(server.run("INFO", "keyspace")).contains("db2:");
            }
        }
    }

    @Test
    void aMissingUriIsAUsageErrorThatShowsOne() {
        assertThatExceptionOfType(LockUsageException.class)
                .isThrownBy(() -> factory.create(new Settings(Map.of())))
                .withMessageContaining("lockweave.redis.uri = redis://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce", "redisson"})
    void aServerThatIsNotThereIsFoundAtStart(String client) {
        Settings settings = new Settings(
                Map.of("uri", "redis://127.0.0.1:" + RedisServer.freePort(), "client", client, "timeout", "PT0.5S"));

        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> factory.create(settings));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jedis", "lettuce", "redisson"})
    void aHostThatNobodyKnowsIsFoundAtStart(String client) {
        Settings settings =
                new Settings(Map.of("uri", "redis://no-such-host.invalid:6379", "client", client, "timeout", "PT0.5S"));

        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> factory.create(settings));
    }

    @Test
    void replicasMustNotBeGivenMoreTimeThanTheClient() {
        assertThatExceptionOfType(LockUsageException.class)
                .isThrownBy(() -> factory.create(new Settings(Map.of(
                        "uri", server.uri(), "replica-acks", "1", "replica-timeout", "PT3S", "timeout", "PT2S"))))
                .withMessageContaining("replica-timeout");
    }

    @Test
    void timesThatAreNoneAreRefused() {
        assertThatExceptionOfType(LockUsageException.class)
                .isThrownBy(() -> factory.create(new Settings(Map.of("uri", server.uri(), "timeout", "PT0S"))))
                .withMessageContaining("lockweave.redis.timeout");
    }

    @Test
    void aServerThatMayEvictLocksIsWarnedOf() {
        try (Warnings warnings = new Warnings()) {
            factory.create(new Settings(Map.of("uri", server.uri()))).close();
            assertThat(warnings.all()).isEmpty();

            server.run("CONFIG", "SET", "maxmemory", "100mb");
            server.run("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
            factory.create(new Settings(Map.of("uri", server.uri()))).close();
            assertThat(warnings.all()).singleElement().asString().contains("volatile-lru", "noeviction");
        } finally {
            server.run("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void soIsOneThatIsReachedThroughAClientOfTheProgram(RedisClients client) {
        server.run("CONFIG", "SET", "maxmemory", "100mb");
        server.run("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
        try (Warnings warnings = new Warnings();
                RedisBackend backend = RedisBackend.over(Backends.transport(client, server.uri()))) {
            for (int i = 0; i < 2; i++) {
                backend.release(Claims.granted(backend, Claims.exclusive(Claims.key())));
            }
            assertThat(warnings.all()).singleElement().asString().contains("volatile-lru", "noeviction");
        } finally {
            server.run("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void itNamesAllPropertiesItReads() {
        assertThat(factory.properties())
                .containsExactlyInAnyOrder(
                        "uri", "client", "replica-acks", "replica-timeout", "timeout", "connect-timeout");
    }
}
