package io.lockweave.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.Points;
import io.lockweave.spring.Tenants;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ObservationTest {

    private static final LockOptions AT_ONCE = LockOptions.defaults().waitTime(Duration.ZERO);

    private final List<Observation.Context> ended = new CopyOnWriteArrayList<>();
    private final ObservationRegistry observations = ObservationRegistry.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingObservationAutoConfiguration.class))
            .withBean(ObservationRegistry.class, () -> observations)
            .withBean(Points.class)
            .withBean(Tenants.class);

    ObservationTest() {
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                ended.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private String last() {
        return ended.get(ended.size() - 1).getLowCardinalityKeyValues().stream()
                .map(KeyValue::getValue)
                .collect(Collectors.joining(" "));
    }

    @Test
    void nothing_is_observed_unless_it_is_switched_on() {
        application.run(context -> {
            context.getBean(Points.class).add("ann");

            assertThat(ended).isEmpty();
        });
    }

    @Test
    void each_acquisition_is_observed_inside_of_what_its_thread_does() {
        application.withPropertyValues("lockweave.observations.enabled=true").run(context -> {
            Observation request = Observation.start("request", observations);
            try (Observation.Scope scope = request.openScope()) {
                context.getBean(Points.class).add("ann");
            }

            assertThat(ended).hasSize(1);
            assertThat(ended.get(0).getName()).isEqualTo("lockweave.acquire");
            assertThat(ended.get(0).getContextualName()).isEqualTo("lock user");
            assertThat(ended.get(0).getParentObservation()).isSameAs(request);
            assertThat(ended.get(0).getAllKeyValues())
                    .extracting(KeyValue::getKey)
                    .containsExactlyInAnyOrder("name", "mode", "backend", "outcome");
            assertThat(last()).contains("user", "exclusive", "local", "acquired");
            request.stop();
        });
    }

    @Test
    void it_tells_how_the_acquisition_ended_whichever_way_it_was_asked_for() {
        application.withPropertyValues("lockweave.observations.enabled=true").run(context -> {
            Locks locks = context.getBean(Locks.class);
            LockKey ann = LockKey.of("user", "ann");
            HeldLock other = LockScope.named("other").call(() -> locks.acquire(ann));

            assertThat(locks.tryAcquire(ann, AT_ONCE)).isEmpty();
            assertThat(last()).contains("unavailable");
            assertThatThrownBy(() -> locks.acquireAll(List.of(ann, LockKey.of("order", 1)), AT_ONCE))
                    .isInstanceOf(LockUnavailableException.class);
            assertThat(last()).contains("several").contains("unavailable");
            assertThat(ended.get(2).getError()).isInstanceOf(LockUnavailableException.class);
            CompletableFuture<HeldLock> cancelled = locks.acquireAsync(ann);
            cancelled.cancel(false);
            assertThat(ended).hasSize(4);
            CompletableFuture<HeldLock> patient = locks.acquireAsync(ann);
            assertThat(ended).hasSize(4);
            other.close();
            patient.get(10, TimeUnit.SECONDS).close();
            assertThat(ended).hasSize(5);
            assertThat(last()).contains("acquired");
            assertThat(locks.call(ann, () -> ended.size())).isEqualTo(6);
            assertThatThrownBy(() -> locks.run(ann, () -> {
                        throw new IllegalStateException("the work's own");
                    }))
                    .hasMessage("the work's own");
            assertThat(last()).contains("acquired");
            assertThat(ended.get(6).getError()).isNull();
            assertThat(locks.submit(List.of(ann), LockOptions.defaults(), () -> ended.size())
                            .get(10, TimeUnit.SECONDS))
                    .isEqualTo(8);
        });
    }

    @Test
    void a_handler_that_fails_does_not_get_between_a_lock_and_its_holder() {
        observations.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                throw new IllegalStateException("the handler's own");
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
        application.withPropertyValues("lockweave.observations.enabled=true").run(context -> {
            Locks locks = context.getBean(Locks.class);
            LockKey ann = LockKey.of("user", "ann");

            HeldLock held = locks.acquire(ann);
            assertThat(LockScope.named("other").call(() -> locks.tryAcquire(ann, AT_ONCE)))
                    .isEmpty();
            held.close();
            assertThat(locks.isLocked(ann)).isFalse();
            locks.acquireAsync(ann).get(10, TimeUnit.SECONDS).close();
            assertThat(locks.isLocked(ann)).isFalse();
        });
    }
}
