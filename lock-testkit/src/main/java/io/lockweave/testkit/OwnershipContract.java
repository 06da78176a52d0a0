package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 2 call by call: only the token that holds acts, and every call can be repeated. */
interface OwnershipContract extends Contract {

    @Test
    default void rule02_aRepeatedClaimIsGrantedAgainWithTheSameFence() {
        LockStore store = bench().store();
        Claim claim = Bench.withFences(exclusive(bench().key()), 8);
        Grant first = bench().granted(store, claim);

        Grant second = bench().granted(store, claim);

        assertThat(second.fence()).isEqualTo(first.fence());
        assertThat(second.fences()).isEqualTo(first.fences());
        bench().busy(store, exclusive(claim.key()));
        assertThat(store.release(second)).isTrue();
        bench().assertFree(store, claim.key());
    }

    @Test
    default void rule02_aSecondReleaseSaysThatItWasNotHeld() {
        LockStore store = bench().store();
        Grant grant = bench().granted(store, exclusive(bench().key()));
        assertThat(store.release(grant)).isTrue();
        assertThat(store.release(grant)).isFalse();
        bench().assertFree(store, grant.key());
    }

    @Test
    default void rule02_aStrangersReleaseFreesNothing() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant held = bench().granted(store, exclusive(key));

        assertThat(store.release(new Grant(exclusive(key), held.fence(), held.fences())))
                .isFalse();

        bench().busy(bench().otherStore(), exclusive(key));
        assertThat(store.release(held)).isTrue();
    }

    @Test
    default void rule02_aStaleHolderFreesNobodyElsesLock() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        Grant stale = bench().granted(store, exclusive(key));
        assertThat(store.release(stale)).isTrue();
        Grant current = bench().granted(other, exclusive(key));

        assertThat(store.release(stale)).isFalse();
        store.withdraw(stale.claim());

        bench().busy(store, exclusive(key));
        assertThat(other.release(current)).isTrue();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule02_aHolderWhoseLeaseEndedFreesAndProlongsNobodyElsesLock() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant stale = bench().granted(store, exclusive(key, SHORT));
        bench().letPass(SHORT.plus(Bench.GRANULARITY));
        LockStore other = bench().otherStore();
        Grant current = bench().granted(other, exclusive(key, SHORT));

        assertThat(store.renew(List.of(stale), Bench.LONG)).containsExactly(Renewal.LOST);
        assertThat(store.release(stale)).isFalse();
        bench().busy(store, exclusive(key));

        assertThat(other.release(current)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule02_aStrangersRenewalProlongsNothing() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant held = bench().granted(store, exclusive(key, SHORT));

        Grant strangers = new Grant(exclusive(key), held.fence(), held.fences());
        assertThat(bench().otherStore().renew(List.of(strangers), Bench.LONG)).containsExactly(Renewal.LOST);

        bench().letPass(SHORT.plus(Bench.GRANULARITY));
        bench().assertFree(store, key);
    }

    @Test
    default void rule02_renewNeverRecreatesALockThatIsGone() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant gone = bench().granted(store, exclusive(key));
        assertThat(store.release(gone)).isTrue();

        assertThat(store.renew(List.of(gone), Bench.LONG)).containsExactly(Renewal.LOST);

        assertThat(store.find(key)).isEmpty();
        bench().assertFree(bench().otherStore(), key);
    }

    @Test
    default void rule02_withdrawFreesAClaimThatWasGranted() {
        LockStore store = bench().store();
        Claim claim = exclusive(bench().key());
        bench().granted(store, claim);

        store.withdraw(claim);
        store.withdraw(claim);

        bench().assertFree(bench().otherStore(), claim.key());
    }

    @Test
    default void rule02_withdrawOfAClaimThatWasBusyFreesNothing() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant held = bench().granted(store, exclusive(key));
        Claim given = Bench.waiting(exclusive(key), false);
        bench().busy(store, given);

        store.withdraw(given);
        store.withdraw(exclusive(key));

        bench().busy(bench().otherStore(), exclusive(key));
        assertThat(store.release(held)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    default void rule02_aGrantIsReleasedFromAnotherThread() {
        LockStore store = bench().store();
        Grant grant = Together.result(Together.start("taker", () -> bench().granted(store, exclusive(bench().key()))));
        assertThat(store.renew(List.of(grant), Bench.LONG)).containsExactly(Renewal.HELD);
        assertThat(store.release(grant)).isTrue();
        bench().assertFree(store, grant.key());
    }
}
