package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule 15 while work goes on: what is held stays held for as long as it is promised, and nobody new begins after a
 * while.
 */
@Timeout(60)
class DrainTest {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final LockKey OTHER = LockKey.of("thing", 2);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration ACCEPT = Duration.ofSeconds(10);
    private static final Duration HOLD = Duration.ofMinutes(2);

    private final ManualClock clock = new ManualClock();
    private final MemoryServer server = new MemoryServer(clock);

    private Locks locks(LockBackend backend) {
        return Locks.builder(backend).timeSource(clock).leaseTime(LEASE).build();
    }

    private Locks locks(boolean stored) {
        return locks(stored ? new MemoryStore(server) : new LocalBackend());
    }

    /** Moves the clock in steps that leave renewals their time. */
    private void pass(Duration time, HeldLock renewed) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plusSeconds(5)) {
            clock.advance(Duration.ofSeconds(5));
            if (renewed != null) {
                await().until(() -> renewed.remaining().compareTo(LEASE.dividedBy(2)) > 0);
            }
        }
    }

    private static HeldLock holdElsewhere(Locks locks, LockKey key) throws Exception {
        return holdElsewhere(locks, key, LockOptions.defaults());
    }

    private static HeldLock holdElsewhere(Locks locks, LockKey key, LockOptions options) throws Exception {
        return LockScope.named("work")
                .call(() -> locks.acquireAsync(key, options))
                .get(10, TimeUnit.SECONDS);
    }

    private static void refused(CompletableFuture<HeldLock> claim) {
        assertThatThrownBy(() -> claim.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LockUnavailableException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void untilTheAcceptTimeIsOverAllGoesOn(boolean stored) throws Exception {
        try (Locks locks = locks(stored)) {
            HeldLock held = holdElsewhere(locks, KEY);
            CompletableFuture<HeldLock> waiting =
                    LockScope.named("waiting").call(() -> locks.acquireAsync(KEY, forever()));
            CompletableFuture<Boolean> drained = locks.drain(ACCEPT, HOLD);
            holdElsewhere(locks, OTHER).close();
            held.close();
            waiting.get(10, TimeUnit.SECONDS).close();
            awaitDone(drained);
            assertThat(drained.get()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterItOnlyThoseWhoHoldSomethingGetMore(boolean stored) throws Exception {
        try (Locks locks = locks(stored)) {
            LockScope work = LockScope.named("work");
            HeldLock held = work.call(() -> locks.acquireAsync(KEY)).get(10, TimeUnit.SECONDS);
            CompletableFuture<HeldLock> waiting =
                    LockScope.named("waiting").call(() -> locks.acquireAsync(KEY, forever()));
            CompletableFuture<Boolean> drained = locks.drain(ACCEPT, HOLD);
            pass(ACCEPT, stored ? held : null);

            refused(waiting);
            refused(LockScope.named("outside").call(() -> locks.acquireAsync(OTHER)));
            assertThatThrownBy(() -> locks.acquire(OTHER)).isInstanceOf(LockUnavailableException.class);
            refused(submitted(locks));
            work.call(() -> locks.acquireAsync(OTHER)).get(10, TimeUnit.SECONDS).close();
            work.call(() -> locks.acquireAsync(KEY)).get(10, TimeUnit.SECONDS).close();
            assertThat(held.isHeld()).isTrue();
            assertThat(drained).isNotDone();
            held.close();
            awaitDone(drained);
            assertThat(drained.get()).isTrue();
        }
    }

    private static CompletableFuture<HeldLock> submitted(Locks locks) {
        return locks.submit(
                List.of(OTHER), LockOptions.defaults(), () -> HeldLock.current().orElseThrow());
    }

    @Test
    void whatIsHeldIsRenewedUntilTheHoldTimeIsOverAndThenLeftToItsLease() throws Exception {
        try (Locks others = locks(true)) {
            Locks locks = locks(true);
            HeldLock held = holdElsewhere(locks, KEY);
            CompletableFuture<Boolean> drained = locks.drain(ACCEPT, HOLD);
            pass(HOLD.minusSeconds(5), held);
            assertThat(drained).isNotDone();
            clock.advance(Duration.ofSeconds(5));
            assertThat(drained.get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(held.isHeld()).isTrue();
            assertThat(others.isLocked(KEY)).isTrue();

            clock.advance(LEASE.dividedBy(2).minusSeconds(1));
            assertThat(others.isLocked(KEY)).isTrue();
            clock.advance(LEASE);
            await().until(held::isLost);
            assertThat(others.isLocked(KEY)).isFalse();
            locks.close();
        }
    }

    @Test
    void closingAfterwardsDoesNotFreeInTheStoreWhatWorkGoesOnUnder() throws Exception {
        try (Locks others = locks(true)) {
            Locks locks = locks(true);
            HeldLock held = holdElsewhere(locks, KEY);
            CompletableFuture<Boolean> drained = locks.drain(Duration.ZERO, HOLD);
            locks.close();

            assertThat(drained.get(10, TimeUnit.SECONDS)).isFalse();
            assertThat(held.isHeld()).isFalse();
            assertThat(others.isLocked(KEY)).isTrue();
            clock.advance(LEASE.plusSeconds(1));
            assertThat(others.isLocked(KEY)).isFalse();
        }
    }

    @Test
    void closingWithoutItFreesWhatIsHeld() throws Exception {
        try (Locks others = locks(true)) {
            Locks locks = locks(true);
            holdElsewhere(locks, KEY);
            locks.close();
            assertThat(others.isLocked(KEY)).isFalse();
        }
    }

    @Test
    void whatTheCallerHoldsItselfIsNotWaitedFor() throws Exception {
        try (Locks locks = locks(true);
                HeldLock held = locks.acquire(KEY)) {
            assertThat(locks.drain(ACCEPT, HOLD).get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    void sharedHoldsAndPermitsAreWaitedForToo() throws Exception {
        try (Locks locks = locks(true)) {
            HeldLock shared = holdElsewhere(locks, KEY, LockOptions.defaults().shared());
            HeldLock permit = holdElsewhere(locks, OTHER, LockOptions.defaults().permits(2));
            CompletableFuture<Boolean> drained = locks.drain(ACCEPT, HOLD);
            shared.close();
            clock.advance(Duration.ofSeconds(1));
            assertThat(drained).isNotDone();
            permit.close();
            awaitDone(drained);
        }
    }

    private void awaitDone(CompletableFuture<Boolean> drained) {
        await().until(() -> {
            clock.advance(Duration.ofMillis(20));
            return drained.isDone();
        });
    }

    private static LockOptions forever() {
        return LockOptions.defaults().waitTime(LockOptions.FOREVER);
    }
}
