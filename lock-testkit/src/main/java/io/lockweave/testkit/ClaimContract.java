package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Attempt.Busy;
import io.lockweave.spi.Attempt.Granted;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 1, 8 and 11 call by call: one holder, decided atomically; busy is an answer. */
interface ClaimContract extends Contract {

    @Test
    default void rule01_aHeldLockIsBusyForEverybodyElse() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant grant = bench().granted(store, exclusive(key));

        bench().busy(store, exclusive(key));
        bench().busy(bench().otherStore(), exclusive(key));

        assertThat(store.release(grant)).isTrue();
        bench().granted(bench().otherStore(), exclusive(key));
    }

    @Test
    default void rule01_ofConcurrentClaimsExactlyOneIsGranted() {
        List<LockStore> stores = List.of(bench().store(), bench().otherStore());
        for (int round = 0; round < 25; round++) {
            LockKey key = bench().key();
            List<Attempt> attempts = Together.run(8, i -> bench().ask(stores.get(i % stores.size()), exclusive(key)));
            assertThat(attempts)
                    .filteredOn(Granted.class::isInstance)
                    .as("granted in round %d", round)
                    .hasSize(1);
            assertThat(attempts)
                    .filteredOn(Busy.class::isInstance)
                    .as("busy in round %d", round)
                    .hasSize(7);
        }
    }

    @Test
    default void rule01_anotherKeyIsNotBusy() {
        LockStore store = bench().store();
        bench().granted(store, exclusive(bench().key()));
        bench().granted(store, exclusive(bench().key()));
    }

    @Test
    default void rule01_aStoreGoesOnServingManyKeysAtOnce() {
        LockStore store = bench().store();
        List<Grant> grants = Together.run(8, i -> bench().granted(store, exclusive(bench().key())));
        assertThat(Together.run(8, i -> store.release(grants.get(i)))).containsOnly(true);
    }

    @Test
    default void rule11_aBusyAnswerTellsWhoHoldsTheLock() {
        LockKey key = bench().key();
        Claim claim = exclusive(key);
        Grant grant = bench().granted(bench().store(), claim);

        Busy busy = bench().busy(bench().otherStore(), exclusive(key));

        if (busy.holder() != null) {
            assertThat(busy.holder().owner()).isEqualTo(claim.owner());
            assertThat(busy.holder().fence()).isBetween(grant.fence(), grant.fence() + grant.fences() - 1);
            assertThat(busy.holder().mode()).isEqualTo(LockMode.EXCLUSIVE);
            assertThat(busy.holder().place()).isEqualTo(claim.place());
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aBusyAnswerTellsWhenADeadHoldersLockComesFree() {
        LockKey key = bench().key();
        bench().granted(bench().store(), exclusive(key, Duration.ofSeconds(20)));

        Duration retryAfter = bench().busy(bench().otherStore(), exclusive(key)).retryAfter();

        assertThat(retryAfter).isNotNull();
        assertThat(retryAfter)
                .isBetween(
                        Duration.ofSeconds(20).minus(Bench.SLACK),
                        Duration.ofSeconds(20).plus(Bench.GRANULARITY));
    }

    @Test
    default void rule08_theInterruptFlagNeitherEndsACallNorGetsLost() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Claim claim = exclusive(key);
        Thread.currentThread().interrupt();
        try {
            Grant grant = bench().granted(store, claim);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after tryAcquire")
                    .isTrue();
            bench().busy(store, exclusive(key));
            assertThat(store.renew(List.of(grant), Bench.LONG)).containsExactly(io.lockweave.spi.Renewal.HELD);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after renew")
                    .isTrue();
            assertThat(store.find(key)).isPresent();
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after find")
                    .isTrue();
            store.withdraw(exclusive(key));
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after withdraw")
                    .isTrue();
            assertThat(store.release(grant)).isTrue();
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after release")
                    .isTrue();
        } finally {
            Thread.interrupted();
        }
        bench().assertFree(store, key);
    }
}
