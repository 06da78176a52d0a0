package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.LogLines;
import io.lockweave.spring.Points;
import io.lockweave.spring.Tenants;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What cannot work stops the start, with the bean, the method and the remedy. */
class StartupCheckTest {

    @Configuration
    @EnableLocking
    static class Application {}

    private static LockUsageException refusal(Consumer<AnnotationConfigApplicationContext> beans) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            beans.accept(context);
            Throwable failure = catchThrowable(context::refresh);
            while (failure != null && !(failure instanceof LockUsageException)) {
                failure = failure.getCause();
            }
            assertThat(failure).as("the refusal").isNotNull();
            return (LockUsageException) failure;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OnPrivate | hidden() | private | public",
                "OnStatic | shared() | static | instance",
                "OnFinal | closed() | final | remove final",
                "InFinalClass | anything() | class is final | interface",
                "OutsideItsInterface | invisible() | interfaces only | proxyTargetClass",
                "WrongParameter | add(String) | no parameter #usr | #user",
                "WrongSyntax | add(String) | not valid SpEL | correct the expression",
                "NoSuchFallback | add(String) | no such method | write void nowhere(String)",
                "NoSuchBackend | add(String) | etcd | use one of",
                "ReturnsFuture | add(String) | goes on working | CompletableFuture",
                "Suspending | add(String, Continuation) | suspending | AUTO",
            })
    void a_placement_that_cannot_work(String bean, String method, String problem, String remedy) throws Exception {
        Class<?> type = Class.forName(Misplaced.class.getName() + "$" + bean);

        LockUsageException refusal = refusal(context -> context.registerBean("misplaced", type));

        assertThat(refusal.problem()).contains("Bean \"misplaced\"", bean, method, problem);
        assertThat(refusal.remedy()).contains(remedy);
    }

    @Test
    void a_lazy_bean_is_checked_too() {
        LockUsageException refusal = refusal(context -> context.registerBean(
                "late", Misplaced.WrongParameter.class, definition -> definition.setLazyInit(true)));

        assertThat(refusal.problem()).contains("Bean \"late\"");
    }

    @Test
    void what_the_backend_cannot_do_is_refused() {
        LockUsageException refusal = refusal(context -> {
            context.registerBean("backend", LockBackend.class, () -> new ExclusiveOnly());
            context.registerBean("reader", Misplaced.Unhonourable.class);
        });

        assertThat(refusal.problem()).contains("Bean \"reader\"", "read()", "exclusive-only", "SHARED");
    }

    /** A backend that has exclusive locks and nothing else. */
    private static final class ExclusiveOnly implements LockBackend {

        private final LocalBackend local = new LocalBackend();

        @Override
        public String name() {
            return "exclusive-only";
        }

        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public void close() {
            local.close();
        }
    }

    @Configuration
    static class TooEarly {

        @Bean
        static Points points() {
            return new Points();
        }

        @Bean
        static Tenants tenants() {
            return new Tenants();
        }

        @Bean
        static BeanFactoryPostProcessor needsPoints(Points points) {
            return beans -> {};
        }
    }

    @Test
    void a_bean_that_was_made_before_it_could_get_a_proxy() {
        LockUsageException refusal = refusal(context -> context.register(TooEarly.class));

        assertThat(refusal.problem()).contains("Bean \"points\"", "BeanPostProcessor");
        assertThat(refusal.remedy()).contains("@Lazy");
    }

    @Configuration
    static class LazilyNeeded {

        @Bean
        static Points points() {
            return new Points();
        }

        @Bean
        static Tenants tenants() {
            return new Tenants();
        }

        @Bean
        static BeanFactoryPostProcessor needsPoints(@Lazy Points points) {
            return beans -> {};
        }
    }

    static class Twice {

        @Locked(name = "stock", key = "#id")
        public void take(int id) {
            // nothing to do
        }

        @Locked(name = "stock", key = "#id")
        public void give(int id) {
            // nothing to do
        }
    }

    @Test
    void the_log_says_how_many_methods_are_locked_under_which_names() {
        try (LogLines log = new LogLines("io.lockweave.spring");
                AnnotationConfigApplicationContext context =
                        new AnnotationConfigApplicationContext(Application.class)) {
            assertThat(log.all()).noneMatch(line -> line.startsWith("Methods with @Locked"));
        }
        try (LogLines log = new LogLines("io.lockweave.spring");
                AnnotationConfigApplicationContext context =
                        new AnnotationConfigApplicationContext(Application.class, Twice.class)) {
            assertThat(log.all()).contains("Methods with @Locked: 2, in beans: 1, of names: stock");
        }
    }

    @Test
    void the_remedy_for_it_works() {
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(Application.class, LazilyNeeded.class)) {
            assertThat(context.getBean(Points.class).add("ann")).isPositive();
        }
    }
}
