package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.Locks;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MetricsTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingMetricsAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void waits_and_holds_are_timed_and_counted_by_name_mode_backend_and_outcome() {
        application.run(context -> {
            Locks locks = context.getBean(Locks.class);
            MeterRegistry meters = context.getBean(MeterRegistry.class);

            HeldLock first = locks.acquire(LockKey.of("user", "ann"));
            HeldLock second = locks.acquire(LockKey.of("user", "bob"));
            LockScope.named("other")
                    .run(() -> locks.tryAcquire(
                            LockKey.of("user", "ann"), LockOptions.defaults().waitTime(Duration.ZERO)));

            assertThat(meters.get("lockweave.holds").tag("name", "user").gauge().value())
                    .isEqualTo(2);
            assertThat(meters.get("lockweave.wait")
                            .tags("name", "user", "mode", "exclusive", "backend", "local", "outcome", "acquired")
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("lockweave.wait")
                            .tag("outcome", "unavailable")
                            .timer()
                            .count())
                    .isEqualTo(1);

            first.close();
            locks.forceRelease(LockKey.of("user", "bob"));
            second.close();

            await().until(() -> meters.get("lockweave.holds").gauge().value() == 0);
            assertThat(meters.get("lockweave.hold")
                            .tag("outcome", "released")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("lockweave.hold")
                            .tag("outcome", "lost")
                            .timer()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.getMeters())
                    .extracting(Meter::getId)
                    .flatExtracting(Meter.Id::getTags)
                    .extracting(Tag::getValue)
                    .doesNotContain("ann", "bob");
        });
    }

    @Test
    void they_can_be_switched_off() {
        application.withPropertyValues("lockweave.metrics.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(LockMetrics.class));
    }
}
