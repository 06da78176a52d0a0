package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.GRANULARITY;
import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static io.lockweave.testkit.Bench.permit;
import static io.lockweave.testkit.Bench.shared;
import static io.lockweave.testkit.Bench.waiting;
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
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rule 5 call by call: shared against exclusive, and the number of permits. */
interface SharedClaimContract extends Contract {

    @Test
    @Needs(Capability.SHARED)
    default void rule05_sharedHoldersExcludeAnExclusiveOneUntilTheLastIsGone() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        Grant one = bench().granted(store, shared(key));
        Grant two = bench().granted(other, shared(key));
        bench().busy(store, exclusive(key));
        assertThat(store.release(one)).isTrue();
        bench().busy(store, exclusive(key));
        assertThat(other.release(two)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_anExclusiveHolderExcludesSharedOnes() {
        LockKey key = bench().key();
        Grant writer = bench().granted(bench().store(), exclusive(key));
        bench().busy(bench().store(), shared(key));
        bench().busy(bench().otherStore(), shared(key));
        assertThat(bench().store().release(writer)).isTrue();
        bench().granted(bench().otherStore(), shared(key));
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_concurrentSharedAndExclusiveClaimsNeverMix() {
        List<LockStore> stores = List.of(bench().store(), bench().otherStore());
        for (int round = 0; round < 20; round++) {
            LockKey key = bench().key();
            List<Attempt> attempts =
                    Together.run(8, i -> bench().ask(stores.get(i / 2 % 2), i % 2 == 0 ? shared(key) : exclusive(key)));
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
        LockKey key = bench().key();
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        Claim first = shared(key);
        Grant reader = bench().granted(store, first);
        Claim writer = waiting(exclusive(key), false);
        bench().busy(other, writer);
        bench().busy(store, shared(key));
        bench().busy(other, shared(key));
        assertThat(bench().granted(store, first).fence())
                .as("who is in already may ask again")
                .isEqualTo(reader.fence());
        assertThat(store.release(reader)).isTrue();
        Grant entered = bench().granted(other, writer);
        assertThat(other.release(entered)).isTrue();

        Grant next = bench().granted(store, shared(key));
        bench().granted(other, shared(key));
        Claim givesUp = waiting(exclusive(key), false);
        bench().busy(other, givesUp);
        other.withdraw(givesUp);
        bench().granted(store, shared(key));
        assertThat(store.release(next)).isTrue();
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_aRepeatedSharedClaimCountsOnce() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Claim claim = shared(key);
        Grant first = bench().granted(store, claim);
        assertThat(bench().granted(store, claim).fence()).isEqualTo(first.fence());
        assertThat(store.release(first)).isTrue();
        assertThat(store.release(first)).isFalse();
        bench().assertFree(store, key);
    }

    @Test
    @Needs({Capability.SHARED, Capability.LEASE})
    default void rule05_eachSharedHolderHasALeaseOfItsOwn() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant dead = bench().granted(store, shared(key, SHORT));
        Grant live = bench().granted(bench().otherStore(), shared(key, SHORT));
        bench().letPass(SHORT.dividedBy(2));
        assertThat(store.renew(List.of(live), Bench.LONG)).containsExactly(Renewal.HELD);
        bench().letPass(SHORT.dividedBy(2).plus(GRANULARITY));

        bench().busy(store, exclusive(key));
        assertThat(store.renew(List.of(dead, live), Bench.LONG)).containsExactly(Renewal.LOST, Renewal.HELD);
        assertThat(store.release(live)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_permitsNeverExceedTheirNumber() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        List<Grant> holders = List.of(
                bench().granted(store, permit(key, 3)),
                bench().granted(bench().otherStore(), permit(key, 3)),
                bench().granted(store, permit(key, 3)));
        bench().busy(store, permit(key, 3));
        bench().busy(bench().otherStore(), permit(key, 3));

        assertThat(store.release(holders.get(2))).isTrue();
        bench().granted(store, permit(key, 3));
        bench().busy(store, permit(key, 3));
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_ofConcurrentPermitClaimsAsManyAreGrantedAsThereArePermits() {
        List<LockStore> stores = List.of(bench().store(), bench().otherStore());
        for (int round = 0; round < 20; round++) {
            LockKey key = bench().key();
            List<Attempt> attempts = Together.run(8, i -> bench().ask(stores.get(i % 2), permit(key, 3)));
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
        LockKey key = bench().key();
        LockStore store = bench().store();
        Claim claim = permit(key, 2);
        Grant first = bench().granted(store, claim);
        assertThat(bench().granted(store, claim).fence()).isEqualTo(first.fence());
        Grant second = bench().granted(store, permit(key, 2));
        bench().busy(store, permit(key, 2));
        assertThat(store.release(first)).isTrue();
        assertThat(store.release(first)).isFalse();
        bench().granted(store, permit(key, 2));
        bench().busy(store, permit(key, 2));
        assertThat(store.release(second)).isTrue();
    }

    @Test
    @Needs({Capability.PERMITS, Capability.LEASE})
    default void rule05_aDeadPermitHolderFreesOnePermit() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        bench().granted(store, permit(key, 2, SHORT));
        bench().granted(store, permit(key, 2));
        bench().busy(store, permit(key, 2));
        bench().letPass(SHORT.plus(GRANULARITY));
        bench().granted(store, permit(key, 2));
        bench().busy(store, permit(key, 2));
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_anotherNumberOfPermitsIsAUsageErrorWhileTheKeyIsInUse() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant holder = bench().granted(store, permit(key, 3));
        for (int other : new int[] {2, 4, 1_000}) {
            assertThatThrownBy(() -> bench().ask(bench().otherStore(), permit(key, other)))
                    .as("%d permits where 3 are in use", other)
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("3")
                    .hasMessageContaining(String.valueOf(other));
        }
        assertThat(store.release(holder)).isTrue();
        bench().granted(store, permit(key, 2));
    }
}
