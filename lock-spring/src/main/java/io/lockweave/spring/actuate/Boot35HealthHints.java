package io.lockweave.spring.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.util.ClassUtils;

/** What {@link Boot35Health} needs in a native image. */
final class Boot35HealthHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader loader) {
        if (ClassUtils.isPresent(Boot35Health.INDICATOR, loader)) {
            hints.proxies().registerJdkProxy(TypeReference.of(Boot35Health.INDICATOR));
            for (String type : new String[] {Boot35Health.HEALTH, Boot35Health.HEALTH + "$Builder"}) {
                hints.reflection().registerType(TypeReference.of(type), MemberCategory.INVOKE_PUBLIC_METHODS);
            }
        }
    }
}
