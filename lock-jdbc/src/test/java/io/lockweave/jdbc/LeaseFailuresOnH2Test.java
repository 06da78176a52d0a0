package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong around a lease table, seen by somebody who uses locks. */
@Timeout(60)
class LeaseFailuresOnH2Test {

    private static final String TABLE = "lockweave_failures";
    private static final LockOptions PATIENT = LockOptions.defaults().waitTime(Duration.ofSeconds(40));

    private final WatchedDataSource watch = new WatchedDataSource();
    private final LockKey key = Claims.newKey();
    private int guarded;

    private Locks locks(Duration lease) {
        return Locks.builder(JdbcBackend.lease(watch.watching(TestDatabase.H2.pool()))
                        .table(TABLE)
                        .initializeSchema(true)
                        .build())
                .leaseTime(lease)
                .build();
    }

    @Test
    void aGrantWhoseReplyTookMostOfItsLeaseIsNotUsed() {
        Duration lease = Duration.ofMillis(400);
        try (Locks locks = locks(lease)) {
            locks.run(key, () -> {});
            watch.statements.set(0);
            watch.beforeReply.set(() -> pause(Duration.ofMillis(350)));
            try (HeldLock held = locks.acquire(key)) {
                assertThat(held.remaining()).isGreaterThan(lease.dividedBy(4));
                assertThat(watch.statements.get())
                        .as("claimed, withdrawn, claimed again")
                        .isGreaterThanOrEqualTo(3);
                assertThat(locks.inspect(key).holders().get(0).fence()).isEqualTo(held.fence());
            }
        }
    }

    @Test
    void errorsOfTheJvmComeOutAsTheyAreAndFreeTheLockAndRenewalGoesOn() {
        try (Locks locks = locks(Duration.ofMillis(600));
                Locks other = locks(Duration.ofMillis(600))) {
            LockKey beside = Claims.newKey();
            try (HeldLock renewed = locks.acquire(beside)) {
                assertThatThrownBy(() ->
                                locks.run(key, () -> assertThat(recurse(0)).isZero()))
                        .isExactlyInstanceOf(StackOverflowError.class)
                        .hasNoSuppressedExceptions();
                assertThatThrownBy(() -> locks.run(key, LeaseFailuresOnH2Test::allocate))
                        .isExactlyInstanceOf(OutOfMemoryError.class)
                        .hasNoSuppressedExceptions();
                AssertionError own = new AssertionError("own");
                assertThatThrownBy(() -> locks.run(key, () -> {
                            throw own;
                        }))
                        .isSameAs(own);
                other.tryAcquire(key).orElseThrow().close();
                pause(Duration.ofMillis(900)); // longer than the lease
                assertThat(renewed.isHeld()).isTrue();
                assertThat(other.tryAcquire(beside)).isEmpty();
            }
        }
    }

    private static int recurse(int depth) {
        return depth < 0 ? depth : recurse(depth + 1) + 1;
    }

    private static void allocate() {
        assertThat(new long[Integer.MAX_VALUE - 8]).isNull();
    }

    @Test
    void anInterruptWhileHoldingDoesNotKeepTheLock() {
        try (Locks locks = locks(Duration.ofMinutes(1));
                Locks other = locks(Duration.ofMinutes(1))) {
            locks.run(key, () -> Thread.currentThread().interrupt());
            assertThat(Thread.interrupted()).isTrue();
            other.tryAcquire(key).orElseThrow().close();
        }
    }

    /** However many wait, a JVM asks with one connection and releases or renews with another. */
    @Test
    void aHerdIsServedAndAsksTheDatabaseWithOneVoice() throws Exception {
        try (Locks locks = locks(Duration.ofMinutes(1))) {
            List<FutureTask<Boolean>> herd = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                herd.add(LeaseTableContract.start(() -> {
                    locks.run(key, PATIENT, () -> guarded++);
                    return true;
                }));
            }
            for (FutureTask<Boolean> one : herd) {
                assertThat(one.get(50, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(guarded).isEqualTo(500);
            assertThat(watch.mostLent.get()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void twoThreadsAndTwoKeysInOppositeOrderAreNeverStuck() throws Exception {
        List<LockKey> keys = List.of(key, Claims.newKey());
        try (Locks one = locks(Duration.ofMinutes(1));
                Locks two = locks(Duration.ofMinutes(1))) {
            FutureTask<Integer> forth = LeaseTableContract.start(() -> together(one, keys));
            FutureTask<Integer> back = LeaseTableContract.start(() -> together(two, List.of(keys.get(1), keys.get(0))));
            assertThat(forth.get(50, TimeUnit.SECONDS) + back.get(50, TimeUnit.SECONDS))
                    .isEqualTo(guarded);
        }
    }

    private int together(Locks locks, List<LockKey> keys) {
        for (int i = 0; i < 1_000; i++) {
            try (HeldLock both = locks.acquireAll(keys, PATIENT)) {
                guarded++;
            }
        }
        return 1_000;
    }

    @Test
    void oneLockInTheOtherInOppositeOrderIsNeverStuck() throws Exception {
        LockKey other = Claims.newKey();
        try (Locks locks = locks(Duration.ofMinutes(1))) {
            FutureTask<Integer> forth = LeaseTableContract.start(() -> nested(locks, key, other));
            FutureTask<Integer> back = LeaseTableContract.start(() -> nested(locks, other, key));
            assertThat(forth.get(50, TimeUnit.SECONDS) + back.get(50, TimeUnit.SECONDS))
                    .isEqualTo(guarded);
        }
    }

    /** Returns how often it got both; a deadlock that was found ends one of the two tries. */
    private int nested(Locks locks, LockKey outer, LockKey inner) {
        int both = 0;
        for (int i = 0; i < 1_000; i++) {
            try (HeldLock first = locks.acquire(outer, PATIENT);
                    HeldLock second = locks.acquire(inner, PATIENT)) {
                guarded++;
                both++;
            } catch (LockDeadlockException e) {
                assertThat(e).hasMessageContaining(inner.value());
            }
        }
        return both;
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
