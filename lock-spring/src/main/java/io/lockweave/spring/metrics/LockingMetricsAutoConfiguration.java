package io.lockweave.spring.metrics;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.BoundedNames;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Meters of locks where the application has a registry; {@code lockweave.metrics.enabled = false} leaves them out. */
@AutoConfiguration(
        after = LockingAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
@ConditionalOnProperty(name = "lockweave.metrics.enabled", havingValue = "true", matchIfMissing = true)
public class LockingMetricsAutoConfiguration {

    @Bean
    LockMetrics lockweaveMetrics(MeterRegistry meters, LockweaveConfig config) {
        return new LockMetrics(meters, BoundedNames.of(config));
    }
}
