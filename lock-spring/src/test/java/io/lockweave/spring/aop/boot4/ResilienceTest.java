package io.lockweave.spring.aop.boot4;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.resilience.annotation.ConcurrencyLimit;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;

/** {@code @Retryable} and {@code @ConcurrencyLimit} of Spring 7 stand outside of the lock: each try takes it anew. */
@Timeout(60)
class ResilienceTest {

    private static final LockKey KEY = LockKey.of("user", "ann");

    @Configuration
    @EnableLocking
    @EnableResilientMethods
    static class Application {

        @Bean
        Payments payments() {
            return new Payments();
        }
    }

    static class Payments {

        final List<Long> fences = new ArrayList<>();
        final AtomicInteger entered = new AtomicInteger();

        List<Long> fences() {
            return fences;
        }

        AtomicInteger entered() {
            return entered;
        }

        @Retryable(maxRetries = 2, delay = 1)
        @Locked(name = "user", key = "'ann'")
        public void failTwice() {
            fences.add(HeldLock.current().orElseThrow().fence());
            if (fences.size() < 3) {
                throw new IllegalStateException("try again");
            }
        }

        @Retryable(includes = LockUnavailableException.class, maxRetries = 1_000, delay = 1)
        @Locked(name = "user", key = "'ann'", waitTime = "0")
        public String untilFree() {
            return "done";
        }

        @ConcurrencyLimit(1)
        @Locked(name = "user", key = "#user")
        public void oneAtATime(String user, Runnable work) {
            entered.incrementAndGet();
            work.run();
        }
    }

    @Test
    void each_try_takes_the_lock_anew() {
        try (var context = new AnnotationConfigApplicationContext(Application.class)) {
            Payments payments = context.getBean(Payments.class);
            payments.failTwice();
            assertThat(payments.fences()).hasSize(3).doesNotHaveDuplicates().isSorted();
        }
    }

    @Test
    void a_busy_lock_can_be_tried_again() {
        try (var context = new AnnotationConfigApplicationContext(Application.class)) {
            Payments payments = context.getBean(Payments.class);
            HeldLock other = context.getBean(Locks.class).acquire(KEY);
            CompletableFuture<String> call = CompletableFuture.supplyAsync(payments::untilFree);
            assertThat(call).isNotDone();
            other.close();
            assertThat(call.join()).isEqualTo("done");
        }
    }

    @Test
    void who_is_beyond_the_limit_of_callers_holds_no_lock() throws Exception {
        try (var context = new AnnotationConfigApplicationContext(Application.class)) {
            Payments payments = context.getBean(Payments.class);
            CountDownLatch in = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            CompletableFuture<Void> first = CompletableFuture.runAsync(() -> payments.oneAtATime("bob", () -> {
                in.countDown();
                await(leave);
            }));
            in.await();
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> payments.oneAtATime("ann", () -> {}));
            assertThat(context.getBean(Locks.class).isLocked(KEY)).isFalse();
            assertThat(payments.entered()).hasValue(1);
            leave.countDown();
            CompletableFuture.allOf(first, second).join();
            assertThat(payments.entered()).hasValue(2);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
