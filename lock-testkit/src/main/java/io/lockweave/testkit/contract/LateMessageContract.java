package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.GRANULARITY;
import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.permit;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.Threads;
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
        lateMessage(options -> options, Fixture::exclusive, 0);
        if (fixture().store().capabilities().contains(Capability.SHARED)) {
            lateMessage(LockOptions::shared, Fixture::exclusive, 0);
        }
        if (fixture().store().capabilities().contains(Capability.PERMITS)) {
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
        LockStore store = fixture().store();
        StoppableClient client = new StoppableClient(fixture().otherStore());
        Locks here = fixture().locksOn(client, builder -> builder);
        LockKey key = fixture().key();
        LockOptions options = mode.apply(LockOptions.defaults().leaseTime(SHORT));
        for (int i = 0; i < alsoInside; i++) {
            fixture().granted(store, others.apply(key));
        }
        Grant first = fixture().granted(store, others.apply(key));
        CompletableFuture<HeldLock> waiter = waits.waitFor(here, key, options);
        until(() -> client.watches() > 0 && client.answered() > 1);

        client.stop();
        until(() -> client.heldUp() == 1);
        assertThat(store.release(first)).isTrue();
        int inside = store.find(key).map(lock -> lock.holders().size()).orElse(0);
        until(() -> client.unheard() >= inside - alsoInside);
        fixture().letPass(SHORT.plus(GRANULARITY));
        Grant next = fixture().granted(store, others.apply(key));
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
                .atMost(Fixture.SLACK.multipliedBy(2))
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }
}
