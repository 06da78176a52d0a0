package io.lockweave.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.actuate.SilentStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
            LockScope.named("other").run(() -> assertThat(locks.tryAcquire(LockKey.of("user", "ann")))
                    .isEmpty());

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
    void an_outage_of_the_store_is_a_gauge_that_is_zero_before() {
        ApplicationContextRunner silent = application
                .withBean(LockBackend.class, SilentStore::connect)
                .withPropertyValues("lockweave.shutdown.hold-time=0s");
        silent.run(context -> {
            Locks locks = context.getBean(Locks.class);
            LockOptions noWait = LockOptions.defaults().waitTime(Duration.ZERO);
            assertThatThrownBy(() -> locks.acquire(LockKey.of("user", 1), noWait))
                    .isInstanceOf(LockBackendException.class);

            TimeGauge outage = context.getBean(MeterRegistry.class)
                    .get("lockweave.outage")
                    .tag("backend", "silent")
                    .timeGauge();
            await().until(() -> outage.value(TimeUnit.SECONDS) > 0);
            assertThat(locks.outage()).isPresent();
        });
        application.run(context -> {
            context.getBean(Locks.class).acquire(LockKey.of("user", 1)).close();
            assertThat(context.getBean(MeterRegistry.class)
                            .get("lockweave.outage")
                            .timeGauge()
                            .value())
                    .isZero();
        });
    }

    @Test
    void waiters_are_counted_while_they_wait_and_no_longer() {
        application.run(context -> {
            Locks locks = context.getBean(Locks.class);
            Gauge waiters = waiters(context.getBean(MeterRegistry.class), locks);
            HeldLock held = locks.acquire(LockKey.of("user", "ann"));

            CompletableFuture<HeldLock> async =
                    LockScope.named("async").call(() -> locks.acquireAsync(LockKey.of("user", "ann")));
            CompletableFuture<HeldLock> cancelled =
                    LockScope.named("cancelled").call(() -> locks.acquireAsync(LockKey.of("user", "ann")));
            CompletableFuture<Void> thread = CompletableFuture.runAsync(
                    () -> locks.acquire(LockKey.of("user", "ann")).close());
            await().until(() -> waiters.value() == 3);
            cancelled.cancel(false);
            assertThat(waiters.value()).isEqualTo(2);
            held.close();
            async.get(10, TimeUnit.SECONDS).close();
            thread.get(10, TimeUnit.SECONDS);

            assertThat(waiters.value()).isZero();
        });
    }

    private static Gauge waiters(MeterRegistry meters, Locks locks) {
        locks.acquire(LockKey.of("user", "warm up")).close();
        return meters.get("lockweave.waiters")
                .tags("name", "user", "mode", "exclusive", "backend", "local")
                .gauge();
    }

    @Test
    void names_beyond_the_bound_are_one() {
        application.withPropertyValues("lockweave.metrics.most-names=2").run(context -> {
            Locks locks = context.getBean(Locks.class);
            for (int i = 0; i < 50; i++) {
                locks.acquire(LockKey.of("user-" + i)).close();
            }

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.find("lockweave.hold").tag("outcome", "released").timers())
                    .hasSize(3);
            assertThat(meters.get("lockweave.hold")
                            .tags("name", "other", "outcome", "released")
                            .timer()
                            .count())
                    .isEqualTo(48);
            assertThat(meters.get("lockweave.holds")
                            .tag("name", "other")
                            .gauge()
                            .value())
                    .isZero();
        });
    }

    @Test
    void they_can_be_switched_off() {
        application.withPropertyValues("lockweave.metrics.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(LockMetrics.class));
    }
}
