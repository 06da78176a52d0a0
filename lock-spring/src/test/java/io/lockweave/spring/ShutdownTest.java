package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.jdbc.LockingJdbcAutoConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
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

    @Test
    void work_that_goes_on_keeps_its_lock_until_it_is_done() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        LockKey key = LockKey.of("user", "ann");
        CompletableFuture<Void> work = new CompletableFuture<>();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class))
                .withBean(
                        "connections",
                        SmartLifecycle.class,
                        () -> new AtStop(CONNECTIONS, () -> order.add("connections closed")))
                .run(context -> {
                    Locks locks = context.getBean(Locks.class);
                    HeldLock held = LockScope.named("work")
                            .call(() -> locks.acquireAsync(key))
                            .get(10, TimeUnit.SECONDS);
                    Thread closer = new Thread(context::close);
                    closer.start();
                    await().until(() -> isRefused(locks, LockKey.of("user", "bob")));
                    assertThat(held.isHeld()).isTrue();
                    order.add("work done");
                    held.close();
                    closer.join();
                    work.complete(null);
                });
        work.get(10, TimeUnit.SECONDS);
        assertThat(order).containsExactly("work done", "connections closed");
    }

    private static boolean isRefused(Locks locks, LockKey key) {
        try {
            locks.acquire(key).close();
            return false;
        } catch (LockUnavailableException e) {
            return true;
        }
    }

    @Test
    void what_is_held_for_longer_than_the_hold_time_is_left_to_its_lease_in_the_store() {
        LockKey key = LockKey.of("user", "ann");
        JdbcConnectionPool database =
                JdbcConnectionPool.create("jdbc:h2:mem:ending" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", "");
        ApplicationContextRunner application = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(LockingAutoConfiguration.class, LockingJdbcAutoConfiguration.class))
                .withBean(DataSource.class, () -> database, definition -> definition.setDestroyMethodName(""))
                .withPropertyValues(
                        "lockweave.jdbc.initialize-schema=true",
                        "lockweave.lease-time=1m",
                        "lockweave.shutdown.hold-time=100ms");
        HeldLock[] held = new HeldLock[1];
        application.run(context -> held[0] = LockScope.named("work")
                .call(() -> context.getBean(Locks.class).acquireAsync(key))
                .get(10, TimeUnit.SECONDS));

        assertThat(held[0].isHeld()).isFalse();
        application.run(context ->
                assertThat(context.getBean(Locks.class).isLocked(key)).isTrue());
        database.dispose();
    }
}
