package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.reactor.ReactivePoints;
import io.lockweave.spring.test.LocalLocks;
import io.lockweave.spring.test.LockControl;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;
import reactor.core.publisher.Mono;

/** The annotation for tests, asked of Spring's test framework without the extension of one JUnit version. */
class LocalLocksTest {

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }

    @LocalLocks
    @ContextConfiguration(classes = Application.class)
    @TestPropertySource(
            properties = {"lockweave.backend=redis", "lockweave.locks.user.backend=redis", "lockweave.wait-time=10ms"})
    static class ApplicationTest {

        void aTest() {
            // its name is all that counts
        }
    }

    @Test
    void all_locks_are_local_and_a_test_can_make_them_busy() throws Exception {
        TestContextManager manager = new TestContextManager(ApplicationTest.class);
        var context = manager.getTestContext().getApplicationContext();
        Locks locks = context.getBean(Locks.class);
        Points points = context.getBean(Points.class);

        assertThat(locks.backend()).isEqualTo("local");
        assertThat(points.add("ann")).isPositive();
        HeldLock other = LockScope.named("other").call(() -> locks.acquire(LockKey.of("user", "ann")));
        assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockUnavailableException.class);
        other.close();
        assertThat(points.add("ann")).isPositive();
        manager.getTestContext().markApplicationContextDirty(null);
    }

    @Test
    void a_test_makes_locks_busy_and_lost_by_name_and_by_key_and_the_next_test_finds_them_free() throws Exception {
        TestContextManager manager = new TestContextManager(ApplicationTest.class);
        var context = manager.getTestContext().getApplicationContext();
        Points points = context.getBean(Points.class);
        LockControl control = context.getBean(LockControl.class);
        Method test = ApplicationTest.class.getDeclaredMethod("aTest");
        ApplicationTest instance = new ApplicationTest();
        manager.beforeTestMethod(instance, test);

        control.busy("user", "ann");
        assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockUnavailableException.class);
        assertThat(points.skipping("ann")).isEmpty();
        assertThat(points.fallingBack("ann")).isEqualTo("busy");
        assertThat(points.add("bob")).isPositive();
        assertThatThrownBy(() -> points.together(List.of("bob", "ann"))).isInstanceOf(LockUnavailableException.class);
        control.busy("user");
        assertThatThrownBy(() -> points.add("bob")).isInstanceOf(LockUnavailableException.class);
        control.reset();
        assertThat(points.add("ann")).isPositive();
        control.lost("user", "ann");
        assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockLostException.class);
        assertThat(points.add("bob")).isPositive();
        control.lost("user");
        assertThatThrownBy(() -> points.add("bob")).isInstanceOf(LockLostException.class);
        assertThatThrownBy(() -> points.together(List.of("bob", "ann"))).isInstanceOf(LockLostException.class);

        manager.afterTestMethod(instance, test, null);
        assertThat(points.add("bob")).isPositive();
        manager.getTestContext().markApplicationContextDirty(null);
    }

    @Test
    void the_locks_bean_is_under_control_too() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("lockweave.test.local-only=true")
                .run(context -> {
                    Locks locks = context.getBean(Locks.class);
                    LockControl control = context.getBean(LockControl.class);
                    LockKey ann = LockKey.of("user", "ann");

                    control.busy("user");
                    assertThat(locks.tryAcquire(ann)).isEmpty();
                    assertThat(locks.acquireAsync(ann)).isCompletedExceptionally();
                    assertThat(locks.submit(List.of(ann), LockOptions.defaults(), () -> 1))
                            .isCompletedExceptionally();
                    assertThatThrownBy(() -> locks.run(ann, () -> {})).isInstanceOf(LockUnavailableException.class);
                    control.reset();
                    control.lost("user");
                    assertThatThrownBy(() -> locks.run(ann, () -> {})).isInstanceOf(LockLostException.class);
                    HeldLock held = locks.acquireAsync(ann).get(10, TimeUnit.SECONDS);
                    assertThat(held.isLost()).isTrue();
                });
    }

    @Test
    void methods_with_results_that_come_later_are_under_control_too() {
        new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withBean(ReactivePoints.class)
                .withPropertyValues("lockweave.test.local-only=true")
                .run(context -> {
                    ReactivePoints points = context.getBean(ReactivePoints.class);
                    LockControl control = context.getBean(LockControl.class);

                    control.busy("user");
                    assertThatThrownBy(
                                    () -> points.mono("ann", Mono.just("ran")).block())
                            .isInstanceOf(LockUnavailableException.class);
                    assertThat(points.skipping("ann").blockOptional()).isEmpty();
                    control.reset();
                    control.lost("user");
                    assertThatThrownBy(
                                    () -> points.mono("ann", Mono.just("ran")).block())
                            .extracting(failure -> failure instanceof LockLostException ? failure : failure.getCause())
                            .isInstanceOf(LockLostException.class);
                    control.reset();
                    assertThat(points.mono("ann", Mono.just("ran")).block()).isEqualTo("ran");
                });
    }

    @Test
    void an_application_that_is_not_under_test_has_no_such_bean() {
        new ApplicationContextRunner().withUserConfiguration(Application.class).run(context -> assertThat(context)
                .doesNotHaveBean(LockControl.class));
    }
}
