package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.SharingContract.SHARED;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockHolder;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What {@code inspect} shows while a lock changes hands: a picture that existed, or one that says that the lock is in
 * transit.
 */
interface InspectContract extends Contract {

    /** Looks in one test; each comes upon the lock in another moment. */
    int LOOKS = 100;

    @Test
    default void whoHasGivenALockBackIsNotShownAsItsHolder() {
        Locks locks = fixture().locks();
        assertNobodyOfThePastIsShown(locks, List.of(locks));
    }

    @Test
    @Needs(Capability.CROSS_PROCESS)
    default void whoHasGivenALockToAnotherJvmIsNotShownAsItsHolder() {
        Locks locks = fixture().locks();
        assertNobodyOfThePastIsShown(locks, List.of(locks, fixture().locks()));
    }

    private void assertNobodyOfThePastIsShown(Locks here, List<Locks> all) {
        LockKey key = fixture().key();
        List<Turns> running = new ArrayList<>();
        for (Locks locks : all) {
            for (int thread = 0; thread < 3; thread++) {
                running.add(new Turns(locks, key, LockOptions.defaults()));
            }
        }
        try {
            for (int i = 0; i < LOOKS; i++) {
                // Of the others' threads only the one that took the lock from the store is known here.
                Map<String, Integer> past = running.stream()
                        .filter(turns -> turns.locks == here)
                        .collect(Collectors.toMap(turns -> turns.name, turns -> turns.over));
                LockInfo seen = here.inspect(key);
                assertThat(seen.holders()).hasSizeLessThan(2);
                if (!seen.inTransit()) {
                    assertThat(seen.holders()).noneMatch(holder -> isOver(holder, past));
                }
            }
        } finally {
            running.forEach(Turns::end);
        }
        LockInfo free = here.inspect(key);
        assertThat(free.inTransit()).isFalse();
        assertThat(free.holders()).isEmpty();
        assertThat(here.isLocked(key)).isFalse();
    }

    private static boolean isOver(LockHolder holder, Map<String, Integer> past) {
        String[] turn = holder.place().thread().split("#", -1);
        return turn.length == 2 && Integer.parseInt(turn[1]) <= past.getOrDefault(turn[0], 0);
    }

    /** A thread that takes a lock and gives it back until told to end, each time by another name. */
    final class Turns {

        private final String name = UUID.randomUUID().toString();
        private final Locks locks;
        private final FutureTask<Integer> running;
        private volatile int over;
        private volatile boolean ends;

        Turns(Locks locks, LockKey key, LockOptions options) {
            this.locks = locks;
            this.running = Together.start(name, () -> {
                for (int turn = 1; !ends; turn++) {
                    Thread.currentThread().setName(name + "#" + turn);
                    locks.acquire(key, options).close();
                    over = turn;
                }
                return over;
            });
        }

        /** Waits for its last turn to be over. */
        void end() {
            ends = true;
            Together.result(running);
        }
    }

    @Test
    default void aHolderIsShownAndTheLockIsNotInTransit() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock mine = locks.acquire(key)) {
            for (LockInfo seen : List.of(
                    locks.inspect(key),
                    locks.inspect().stream()
                            .filter(lock -> lock.key().equals(key.toString()))
                            .findFirst()
                            .orElseThrow())) {
                assertThat(seen.inTransit()).isFalse();
                assertThat(seen.holders()).extracting(LockHolder::fence).containsExactly(mine.fence());
            }
        }
    }

    @Test
    @Needs(Capability.SHARED)
    default void aReaderAndAWriterAreNeverShownTogether() {
        Locks locks = fixture().locks();
        assertNeverTogether(locks, locks, SHARED);
    }

    @Test
    @Needs({Capability.SHARED, Capability.CROSS_PROCESS})
    default void aReaderAndAWriterOfTwoJvmsAreNeverShownTogether() {
        assertNeverTogether(fixture().locks(), fixture().locks(), SHARED);
    }

    @Test
    @Needs(Capability.CROSS_PROCESS)
    default void twoWritersOfTwoJvmsAreNeverShownTogether() {
        assertNeverTogether(fixture().locks(), fixture().locks(), LockOptions.defaults());
    }

    private void assertNeverTogether(Locks writers, Locks others, LockOptions options) {
        LockKey key = fixture().key();
        List<Turns> running = List.of(new Turns(writers, key, LockOptions.defaults()), new Turns(others, key, options));
        try {
            for (int i = 0; i < LOOKS; i++) {
                assertNoneBesideAWriter(writers.inspect(key));
                assertNoneBesideAWriter(others.inspect(key));
                others.inspect().stream()
                        .filter(lock -> lock.key().equals(key.toString()))
                        .forEach(InspectContract::assertNoneBesideAWriter);
            }
        } finally {
            running.forEach(Turns::end);
        }
    }

    private static void assertNoneBesideAWriter(LockInfo seen) {
        if (seen.holders().stream().anyMatch(holder -> holder.mode() == LockMode.EXCLUSIVE)) {
            assertThat(seen.holders()).hasSize(1);
        }
    }
}
