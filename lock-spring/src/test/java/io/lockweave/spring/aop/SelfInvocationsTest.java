package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.spring.EnableLocking;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Calls that go past the proxy are told when the application starts. */
class SelfInvocationsTest {

    private static final Logger LOG = Logger.getLogger("io.lockweave");
    private static final String NAME = SelfInvoking.class.getName();

    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains("of the same object")
                    || entry.getMessage().contains("lombok")) {
                warnings.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOG.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOG.removeHandler(handler);
    }

    @Configuration
    @EnableLocking
    static class Application {}

    private static void start(Class<?> bean, Map<String, Object> properties) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
            context.register(Application.class);
            context.registerBean("bean", bean, definition -> definition.setLazyInit(true));
            context.refresh();
            assertThat(context.getBeanFactory().containsSingleton("bean"))
                    .as("made early")
                    .isFalse();
        }
    }

    @Test
    void oneWarningWithAllOfThem() {
        start(SelfInvoking.class, Map.of());

        assertThat(warnings).hasSize(1);
        String add = " calls " + NAME + ".add(long, String, double) of the same object in line ";
        String all = " calls " + NAME + ".all() of the same object in line ";
        assertThat(warnings.get(0))
                .contains(
                        NAME + ".directly" + add + "22, where no proxy sees it",
                        NAME + ".withConditions" + add,
                        NAME + ".inLambda" + add,
                        NAME + ".asReference" + all,
                        NAME + "$1.call" + add,
                        NAME + ".inSwitch" + all)
                .doesNotContain(".others")
                .contains("let the bean get itself (@Lazy)", "lockweave.self-invocation = ignore");
    }

    @Test
    void whatIsInherited() {
        start(SelfInvoking.Below.class, Map.of());

        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .contains(NAME + ".directly calls"));
    }

    @Test
    void anErrorOnRequest() {
        assertThatThrownBy(() -> start(SelfInvoking.class, Map.of("lockweave.self-invocation", "error")))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(NAME + ".directly calls");
        assertThat(warnings).isEmpty();
    }

    @Test
    void nothingIfNobodyAsks() {
        start(SelfInvoking.class, Map.of("lockweave.self-invocation", "ignore"));
        start(Quiet.class, Map.of());

        assertThat(warnings).isEmpty();
    }

    @Test
    void aValueThatIsNone() {
        assertThatThrownBy(() -> start(Quiet.class, Map.of("lockweave.self-invocation", "wran")))
                .hasStackTraceContaining("self-invocation (in test) = \"wran\" is not valid")
                .hasStackTraceContaining("warn");
    }

    @Test
    void whatLombokLeaves() {
        start(AsLombokLeavesIt.class, Map.of());

        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .startsWith(
                        "@lombok.Locked is on methods of bean \"bean\" (" + AsLombokLeavesIt.class.getName() + ")"));
    }

    /** Calls nothing of its own. */
    static class Quiet {

        @io.lockweave.Locked
        public void add() {}

        public void addTo(Quiet other) {
            other.add();
        }
    }

    /** With the field that {@code @lombok.Locked} makes. */
    static class AsLombokLeavesIt {

        @SuppressWarnings("unused")
        private final java.util.concurrent.locks.Lock $lock = new java.util.concurrent.locks.ReentrantLock();
    }
}
