package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.GRANULARITY;
import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.permit;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Rule 18: what was granted to an older try of a claim, and is heard late, gives nobody the lock. */
interface LateMessageContract extends Contract {

    @Test
    default void rule18_aProcessThatStoodStillEntersByNoOldMessage() throws Exception {
        lateMessage(options -> options, Bench::exclusive, 0);
        if (bench().store().capabilities().contains(Capability.SHARED)) {
            lateMessage(LockOptions::shared, Bench::exclusive, 0);
        }
        if (bench().store().capabilities().contains(Capability.PERMITS)) {
            lateMessage(options -> options.permits(2), key -> permit(key, 2), 1);
        }
    }

    private void lateMessage(UnaryOperator<LockOptions> mode, Function<LockKey, Claim> others, int alsoInside)
            throws Exception {
        lateMessage(mode, others, alsoInside, (locks, key, options) -> {
            CompletableFuture<HeldLock> result = new CompletableFuture<>();
            Threads.daemon("waiter", () -> {
                try {
                    result.complete(locks.acquire(key, options));
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
            return result;
        });
        lateMessage(mode, others, alsoInside, Locks::acquireAsync);
    }

    /** How a lock is waited for. */
    @FunctionalInterface
    interface Waits {

        CompletableFuture<HeldLock> waitFor(Locks locks, LockKey key, LockOptions options);
    }

    private void lateMessage(
            UnaryOperator<LockOptions> mode, Function<LockKey, Claim> others, int alsoInside, Waits waits)
            throws Exception {
        LockStore store = bench().store();
        StoppableClient client = new StoppableClient(bench().otherStore());
        Locks here = bench().locksOn(client, builder -> builder);
        LockKey key = bench().key();
        LockOptions options = mode.apply(LockOptions.defaults().leaseTime(SHORT));
        for (int i = 0; i < alsoInside; i++) {
            bench().granted(store, others.apply(key));
        }
        Grant first = bench().granted(store, others.apply(key));
        CompletableFuture<HeldLock> waiter = waits.waitFor(here, key, options);
        until(() -> client.watches() > 0 && client.answered() > 1);

        client.stop();
        until(() -> client.heldUp() == 1);
        assertThat(store.release(first)).isTrue();
        int inside = store.find(key).map(lock -> lock.holders().size()).orElse(0);
        until(() -> client.unheard() >= inside - alsoInside);
        bench().letPass(SHORT.plus(GRANULARITY));
        Grant next = bench().granted(store, others.apply(key));
        int before = client.answered();
        client.goOn();
        until(() -> client.answered() > before);
        client.hear();
        int heard = client.answered();
        until(() -> {
            client.wakeAll();
            return waiter.isDone() || client.answered() > heard + 1;
        });

        assertThat(waiter).as("of %s, while another holds the lock", options).isNotDone();
        assertThat(store.release(next)).isTrue();
        assertThat(waiter.get(10, TimeUnit.SECONDS).fence()).isGreaterThan(next.fence());
    }

    private static void until(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Bench.SLACK.multipliedBy(2))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
