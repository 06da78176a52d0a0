package io.lockweave.spring.aop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/** Locks and {@code @Async}: the executor's thread takes the lock, and the caller never waits for it. */
@Timeout(60)
class AsyncOrderTest {

    private static final LockKey ANN = LockKey.of("user", "ann");

    @Configuration
    @EnableLocking
    @EnableAsync
    static class Right {}

    /** Makes the proxy for {@code @Async} before the one for the lock. */
    @Configuration
    @EnableLocking(proxyTargetClass = true)
    @EnableAsync(order = Ordered.HIGHEST_PRECEDENCE)
    static class Reversed {}

    /** Work that is handed over. */
    public static class Mails {

        @Async
        @Locked(name = "user", key = "#user", waitTime = "20s")
        public void send(String user, CompletableFuture<String> lockedBy, CountDownLatch goOn) {
            boolean held = HeldLock.current().isPresent();
            lockedBy.complete(held ? Thread.currentThread().getName() : "nobody");
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static AnnotationConfigApplicationContext start(Class<?> configuration) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.register(configuration, Mails.class);
        context.refresh();
        return context;
    }

    @Test
    void the_executors_thread_holds_the_lock_until_the_work_is_done() throws Exception {
        try (AnnotationConfigApplicationContext context = start(Right.class)) {
            Mails mails = context.getBean(Mails.class);
            Locks locks = context.getBean(Locks.class);
            CompletableFuture<String> first = new CompletableFuture<>();
            CompletableFuture<String> second = new CompletableFuture<>();
            CountDownLatch goOn = new CountDownLatch(1);

            mails.send("ann", first, goOn);
            assertThat(first.get(10, TimeUnit.SECONDS))
                    .isNotIn("nobody", Thread.currentThread().getName());
            mails.send("ann", second, goOn);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !locks.inspect(ANN).waiters().isEmpty());
            assertThat(second).isNotDone();

            goOn.countDown();
            assertThat(second.get(10, TimeUnit.SECONDS)).isNotEqualTo("nobody");
            await().atMost(Duration.ofSeconds(10)).until(() -> !locks.isLocked(ANN));
        }
    }

    @Test
    void a_lock_that_would_come_free_before_the_work_is_done_stops_the_start() {
        assertThatThrownBy(() -> start(Reversed.class))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("stands outside of @Async")
                .hasMessageContaining("@EnableAsync");
    }
}
