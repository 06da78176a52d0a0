package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.GRANULARITY;
import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.Fixture.permit;
import static io.lockweave.testkit.contract.Fixture.shared;
import static io.lockweave.testkit.contract.Fixture.waiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Attempt.Busy;
import io.lockweave.spi.Attempt.Granted;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.Together;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rule 5 call by call: shared against exclusive, and the number of permits. */
interface SharedClaimContract extends Contract {

    @Test
    @Needs(Capability.SHARED)
    default void rule05_sharedHoldersExcludeAnExclusiveOneUntilTheLastIsGone() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        Grant one = fixture().granted(store, shared(key));
        Grant two = fixture().granted(other, shared(key));
        fixture().busy(store, exclusive(key));
        assertThat(store.release(one)).isTrue();
        fixture().busy(store, exclusive(key));
        assertThat(other.release(two)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_anExclusiveHolderExcludesSharedOnes() {
        LockKey key = fixture().key();
        Grant writer = fixture().granted(fixture().store(), exclusive(key));
        fixture().busy(fixture().store(), shared(key));
        fixture().busy(fixture().otherStore(), shared(key));
        assertThat(fixture().store().release(writer)).isTrue();
        fixture().granted(fixture().otherStore(), shared(key));
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_concurrentSharedAndExclusiveClaimsNeverMix() {
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        for (int round = 0; round < 20; round++) {
            LockKey key = fixture().key();
            List<Attempt> attempts = Together.run(
                    8, i -> fixture().ask(stores.get(i / 2 % 2), i % 2 == 0 ? shared(key) : exclusive(key)));
            long readers = granted(attempts, 0);
            long writers = granted(attempts, 1);
            assertThat(writers == 0 ? readers >= 1 : writers == 1 && readers == 0)
                    .as("round %d: %d readers, %d writers", round, readers, writers)
                    .isTrue();
        }
    }

    private static long granted(List<Attempt> attempts, int parity) {
        return IntStream.range(0, attempts.size())
                .filter(i -> i % 2 == parity && attempts.get(i) instanceof Granted)
                .count();
    }

    /** Else a crowd of readers, of whom one is always there, keeps a writer out for ever. */
    @Test
    @Needs(Capability.SHARED)
    default void rule05_anExclusiveClaimThatWaitsHoldsNewSharedOnesOff() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        Claim first = shared(key);
        Grant reader = fixture().granted(store, first);
        Claim writer = waiting(exclusive(key), false);
        fixture().busy(other, writer);
        fixture().busy(store, shared(key));
        fixture().busy(other, shared(key));
        assertThat(fixture().granted(store, first).fence())
                .as("who is in already may ask again")
                .isEqualTo(reader.fence());
        assertThat(store.release(reader)).isTrue();
        Grant entered = fixture().granted(other, writer);
        assertThat(other.release(entered)).isTrue();

        Grant next = fixture().granted(store, shared(key));
        fixture().granted(other, shared(key));
        Claim givesUp = waiting(exclusive(key), false);
        fixture().busy(other, givesUp);
        other.withdraw(givesUp);
        fixture().granted(store, shared(key));
        assertThat(store.release(next)).isTrue();
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_aRepeatedSharedClaimCountsOnce() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Claim claim = shared(key);
        Grant first = fixture().granted(store, claim);
        assertThat(fixture().granted(store, claim).fence()).isEqualTo(first.fence());
        assertThat(store.release(first)).isTrue();
        assertThat(store.release(first)).isFalse();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs({Capability.SHARED, Capability.LEASE})
    default void rule05_eachSharedHolderHasALeaseOfItsOwn() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant dead = fixture().granted(store, shared(key, SHORT));
        Grant live = fixture().granted(fixture().otherStore(), shared(key, SHORT));
        fixture().letPass(SHORT.dividedBy(2));
        assertThat(store.renew(List.of(live), Fixture.LONG)).containsExactly(Renewal.HELD);
        fixture().letPass(SHORT.dividedBy(2).plus(GRANULARITY));

        fixture().busy(store, exclusive(key));
        assertThat(store.renew(List.of(dead, live), Fixture.LONG)).containsExactly(Renewal.LOST, Renewal.HELD);
        assertThat(store.release(live)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_permitsNeverExceedTheirNumber() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        List<Grant> holders = List.of(
                fixture().granted(store, permit(key, 3)),
                fixture().granted(fixture().otherStore(), permit(key, 3)),
                fixture().granted(store, permit(key, 3)));
        fixture().busy(store, permit(key, 3));
        fixture().busy(fixture().otherStore(), permit(key, 3));

        assertThat(store.release(holders.get(2))).isTrue();
        fixture().granted(store, permit(key, 3));
        fixture().busy(store, permit(key, 3));
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_ofConcurrentPermitClaimsAsManyAreGrantedAsThereArePermits() {
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        for (int round = 0; round < 20; round++) {
            LockKey key = fixture().key();
            List<Attempt> attempts = Together.run(8, i -> fixture().ask(stores.get(i % 2), permit(key, 3)));
            assertThat(attempts)
                    .filteredOn(Granted.class::isInstance)
                    .as("granted in round %d", round)
                    .hasSize(3);
            assertThat(attempts)
                    .filteredOn(Busy.class::isInstance)
                    .as("busy in round %d", round)
                    .hasSize(5);
        }
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_aRepeatedPermitClaimCountsOnce() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Claim claim = permit(key, 2);
        Grant first = fixture().granted(store, claim);
        assertThat(fixture().granted(store, claim).fence()).isEqualTo(first.fence());
        Grant second = fixture().granted(store, permit(key, 2));
        fixture().busy(store, permit(key, 2));
        assertThat(store.release(first)).isTrue();
        assertThat(store.release(first)).isFalse();
        fixture().granted(store, permit(key, 2));
        fixture().busy(store, permit(key, 2));
        assertThat(store.release(second)).isTrue();
    }

    @Test
    @Needs({Capability.PERMITS, Capability.LEASE})
    default void rule05_aDeadPermitHolderFreesOnePermit() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        fixture().granted(store, permit(key, 2, SHORT));
        fixture().granted(store, permit(key, 2));
        fixture().busy(store, permit(key, 2));
        fixture().letPass(SHORT.plus(GRANULARITY));
        fixture().granted(store, permit(key, 2));
        fixture().busy(store, permit(key, 2));
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_anotherNumberOfPermitsIsAUsageErrorWhileTheKeyIsInUse() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant holder = fixture().granted(store, permit(key, 3));
        for (int other : new int[] {2, 4, 1_000}) {
            assertThatThrownBy(() -> fixture().ask(fixture().otherStore(), permit(key, other)))
                    .as("%d permits where 3 are in use", other)
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("3")
                    .hasMessageContaining(String.valueOf(other));
        }
        assertThat(store.release(holder)).isTrue();
        fixture().granted(store, permit(key, 2));
    }
}
