package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

/** An application that ends: its work goes on with locks, and its connections outlive them. */
class ShutdownTest {

    /** Web servers drain requests, listeners and executors their tasks, in this phase or a later one. */
    private static final int WEB_SERVER = SmartLifecycle.DEFAULT_PHASE - 2_048;

    /** Spring Data's connection factories. */
    private static final int CONNECTIONS = 0;

    /** Does something when its phase stops. */
    private record AtStop(int phase, Runnable work) implements SmartLifecycle {

        @Override
        public void start() {
            // nothing
        }

        @Override
        public void stop() {
            work.run();
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }

    @Test
    void requests_in_progress_still_lock_and_connections_close_after_the_locks() {
        List<String> order = new ArrayList<>();
        Locks[] locks = new Locks[1];
        LockKey key = LockKey.of("user", "ann");
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class))
                .withBean(
                        "server",
                        SmartLifecycle.class,
                        () -> new AtStop(WEB_SERVER, () -> {
                            locks[0].run(key, () -> order.add("a request locked"));
                        }))
                .withBean(
                        "connections",
                        SmartLifecycle.class,
                        () -> new AtStop(CONNECTIONS, () -> {
                            assertThatThrownBy(() -> locks[0].acquire(key))
                                    .isInstanceOf(LockUnavailableException.class);
                            order.add("connections closed");
                        }))
                .run(context -> locks[0] = context.getBean(Locks.class));

        assertThat(order).containsExactly("a request locked", "connections closed");
    }

    @Test
    void who_waits_is_told_and_who_holds_loses() {
        List<String> order = new ArrayList<>();
        LockKey key = LockKey.of("user", "ann");
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class))
                .run(context -> {
                    Locks locks = context.getBean(Locks.class);
                    HeldLock held = locks.acquire(key);
                    var waiting = LockScope.named("other").call(() -> locks.acquireAsync(key));
                    context.close();
                    assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(LockUnavailableException.class);
                    assertThat(held.isHeld()).isFalse();
                    order.add("seen");
                });
        assertThat(order).containsExactly("seen");
    }

    @Test
    void a_child_that_ends_is_not_the_end_of_its_parent() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class))
                .run(context -> {
                    GenericApplicationContext child = new GenericApplicationContext(context);
                    child.refresh();
                    child.close();

                    ((ConfigurableApplicationContext) context).stop();
                    ((ConfigurableApplicationContext) context).start();
                    context.getBean(Locks.class)
                            .acquire(LockKey.of("user", "ann"))
                            .close();
                });
    }
}
