package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Proxies without Spring Boot. */
class EnableLockingTest {

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Bonus bonus() {
            return new Bonus() {
                @Override
                public String grant(String user) {
                    return HeldLock.current().orElseThrow().key().toString();
                }
            };
        }

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }

    /** A bean with a monitor, inside of its lock. */
    static class WithMonitor {

        @Locked(name = "user", key = "#user", waitTime = "5s")
        public synchronized String locked(String user) {
            return user;
        }

        public synchronized String unlocked() {
            return "unlocked";
        }
    }

    @Configuration
    @EnableLocking
    static class WithMonitorBean {

        @Bean
        WithMonitor withMonitor() {
            return new WithMonitor();
        }
    }

    @Test
    void a_proxy_waits_for_the_lock_outside_of_the_monitor_of_a_synchronized_method() throws Exception {
        try (AnnotationConfigApplicationContext context = start(WithMonitorBean.class, Map.of())) {
            WithMonitor bean = context.getBean(WithMonitor.class);
            Locks locks = context.getBean(Locks.class);
            LockKey ann = LockKey.of("user", "ann");
            CompletableFuture<String> waiting = whileBusy(locks, ann, () -> {
                CompletableFuture<String> locked = CompletableFuture.supplyAsync(() -> bean.locked("ann"));
                await().until(() -> !locks.inspect(ann).waiters().isEmpty());
                assertThat(bean.unlocked()).isEqualTo("unlocked");
                return locked;
            });
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("ann");
        }
    }

    @Configuration
    @EnableLocking
    static class WithOwnLocks extends Application {

        @Bean
        Locks ownLocks() {
            return Locks.builder(new io.lockweave.local.LocalBackend())
                    .namespace("own")
                    .build();
        }
    }

    private static AnnotationConfigApplicationContext start(Class<?> configuration, Map<String, Object> properties) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        context.register(configuration);
        context.refresh();
        return context;
    }

    /** Runs the task while somebody else holds the key. */
    private static <T> T whileBusy(Locks locks, LockKey key, Callable<T> task) throws Exception {
        HeldLock other = LockScope.named("somebody else").call(() -> locks.acquire(key));
        try (other) {
            return task.call();
        }
    }

    @Test
    void a_bean_of_a_class_runs_locked_and_others_wait_for_it() throws Exception {
        try (AnnotationConfigApplicationContext context =
                start(Application.class, Map.of("lockweave.wait-time", "20ms"))) {
            Points points = context.getBean(Points.class);
            Locks locks = context.getBean(Locks.class);

            assertThat(AopUtils.isCglibProxy(points)).isTrue();
            assertThat(points.add("ann")).isPositive();
            assertThat(points.keyOf("ann")).contains("user").contains("ann");
            assertThat(points.together(List.of("a", "b", "a"))).isEqualTo(2);
            assertThat(points.unlocked()).isTrue();
            LockKey ann = LockKey.of("user", "ann");
            whileBusy(locks, ann, () -> {
                assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockUnavailableException.class);
                assertThat(points.add("bob")).isPositive();
                assertThat(points.skipping("ann")).isEmpty();
                assertThat(points.fallingBack("ann")).isEqualTo("busy");
                return null;
            });
            assertThat(points.skipping("ann")).contains("ran");
            assertThat(points.fallingBack("ann")).isEqualTo("ran");
        }
    }

    @Test
    void a_bean_behind_an_interface_runs_locked_also_if_only_the_interface_is_annotated() {
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of())) {
            Bonus bonus = context.getBean(Bonus.class);

            assertThat(AopUtils.isJdkDynamicProxy(bonus)).isTrue();
            assertThat(bonus.grant("ann")).contains("bonus").contains("ann");
        }
    }

    @Test
    void expressions_call_beans_and_names_have_placeholders() {
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of("points.name", "loyalty"))) {
            assertThat(context.getBean(Points.class).ofTenant("ann"))
                    .contains("loyalty")
                    .contains("acme/ann");
        }
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of())) {
            assertThat(context.getBean(Points.class).ofTenant("ann")).contains("points");
        }
    }

    @Test
    void a_placeholder_without_a_value_stops_the_start() {
        assertThatThrownBy(() -> start(Application.class, Map.of("points.wait", "${nowhere}")))
                .rootCause()
                .satisfies(e -> assertThat(e).hasMessageContaining("nowhere"));
    }

    @Test
    void the_applications_own_locks_are_used_and_left_open() {
        Locks own;
        try (AnnotationConfigApplicationContext context = start(WithOwnLocks.class, Map.of())) {
            own = context.getBean(Locks.class);
            assertThat(context.getBeansOfType(Locks.class)).containsOnlyKeys("ownLocks");
            assertThat(context.getBean(Points.class).unlocked()).isTrue();
            LockScope.named("other").run(() -> {
                try (HeldLock held = own.acquire(LockKey.of("user", "ann"))) {
                    assertThat(own.inspect(LockKey.of("user", "ann")).key()).contains("own");
                }
            });
            context.getBean(Points.class).add("ann");
        }
    }

    @Test
    void names_are_configured_with_dashes_camel_case_and_brackets() throws Exception {
        Map<String, Object> properties = Map.of(
                "lockweave.locks.user.waitTime", "1ms",
                "lockweave.locks[com.acme.Orders].lease-time", "5s",
                "lockweave.leaseTime", "20s");
        try (AnnotationConfigApplicationContext context = start(Application.class, properties)) {
            var config = context.getBean(io.lockweave.config.LockweaveConfig.class);

            assertThat(config.leaseTime()).hasSeconds(20);
            assertThat(config.locks("user").waitTime()).hasMillis(1);
            assertThat(config.locks("com.acme.Orders").leaseTime()).hasSeconds(5);
        }
    }

    @Test
    void an_unknown_property_or_value_stops_the_start_and_names_the_valid_ones() {
        assertThatThrownBy(() -> start(Application.class, Map.of("lockweave.wait-tme", "1s")))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.wait-tme (in test)")
                .hasMessageContaining("did you mean \"wait-time\"");
        assertThatThrownBy(() -> start(Application.class, Map.of("lockweave.wait-time", "5 parsecs")))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.wait-time")
                .hasMessageContaining("5 parsecs");
        assertThatThrownBy(() -> start(Application.class, Map.of("lockweave.backend", "rediss")))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("rediss");
        assertThatThrownBy(() -> start(Application.class, Map.of("lockweave.mode", "magic")))
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("proxy");
    }

    @Test
    void the_locks_close_with_the_context() {
        Locks locks;
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of())) {
            locks = context.getBean(Locks.class);
        }
        assertThatThrownBy(() -> locks.acquire(LockKey.of("user", 1))).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void a_context_that_stops_and_starts_again_keeps_its_locks() {
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of())) {
            context.stop();
            context.start();
            assertThat(context.getBean(Points.class).add("ann")).isPositive();
        }
    }

    @Test
    void a_job_that_holds_its_lock_for_a_while_runs_once_of_two_starts() {
        try (AnnotationConfigApplicationContext context = start(Application.class, Map.of())) {
            Points points = context.getBean(Points.class);
            AtomicInteger runs = new AtomicInteger();

            points.nightlyReport(runs::incrementAndGet);
            points.nightlyReport(runs::incrementAndGet);

            assertThat(runs).hasValue(1);
        }
    }
}
