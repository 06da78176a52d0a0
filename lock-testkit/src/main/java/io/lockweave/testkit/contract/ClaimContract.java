package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.exclusive;
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
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 1, 8 and 11 call by call: one holder, decided atomically; busy is an answer. */
interface ClaimContract extends Contract {

    @Test
    default void rule01_aHeldLockIsBusyForEverybodyElse() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant grant = fixture().granted(store, exclusive(key));

        fixture().busy(store, exclusive(key));
        fixture().busy(fixture().otherStore(), exclusive(key));

        assertThat(store.release(grant)).isTrue();
        fixture().granted(fixture().otherStore(), exclusive(key));
    }

    @Test
    default void rule01_ofConcurrentClaimsExactlyOneIsGranted() {
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        for (int round = 0; round < 25; round++) {
            LockKey key = fixture().key();
            List<Attempt> attempts = Together.run(8, i -> fixture().ask(stores.get(i % stores.size()), exclusive(key)));
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
        LockStore store = fixture().store();
        fixture().granted(store, exclusive(fixture().key()));
        fixture().granted(store, exclusive(fixture().key()));
    }

    @Test
    default void rule01_aStoreGoesOnServingManyKeysAtOnce() {
        LockStore store = fixture().store();
        List<Grant> grants = Together.run(
                8, i -> fixture().granted(store, exclusive(fixture().key())));
        assertThat(Together.run(8, i -> store.release(grants.get(i)))).containsOnly(true);
    }

    @Test
    default void rule11_aBusyAnswerTellsWhoHoldsTheLock() {
        LockKey key = fixture().key();
        Claim claim = exclusive(key);
        Grant grant = fixture().granted(fixture().store(), claim);

        Busy busy = fixture().busy(fixture().otherStore(), exclusive(key));

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
        LockKey key = fixture().key();
        fixture().granted(fixture().store(), exclusive(key, Duration.ofSeconds(20)));

        Duration retryAfter =
                fixture().busy(fixture().otherStore(), exclusive(key)).retryAfter();

        assertThat(retryAfter).isNotNull();
        assertThat(retryAfter)
                .isBetween(
                        Duration.ofSeconds(20).minus(Fixture.SLACK),
                        Duration.ofSeconds(20).plus(Fixture.GRANULARITY));
    }

    @Test
    default void rule08_theInterruptFlagNeitherEndsACallNorGetsLost() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Claim claim = exclusive(key);
        Thread.currentThread().interrupt();
        try {
            Grant grant = fixture().granted(store, claim);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("flag after tryAcquire")
                    .isTrue();
            fixture().busy(store, exclusive(key));
            assertThat(store.renew(List.of(grant), Fixture.LONG)).containsExactly(io.lockweave.spi.Renewal.HELD);
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
        fixture().assertFree(store, key);
    }
}
