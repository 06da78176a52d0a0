package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.Together;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 2 call by call: only the token that holds acts, and every call can be repeated. */
interface OwnershipContract extends Contract {

    @Test
    default void rule02_aRepeatedClaimIsGrantedAgainWithTheSameFence() {
        LockStore store = fixture().store();
        Claim claim = Fixture.withFences(exclusive(fixture().key()), 8);
        Grant first = fixture().granted(store, claim);

        Grant second = fixture().granted(store, claim);

        assertThat(second.fence()).isEqualTo(first.fence());
        assertThat(second.fences()).isEqualTo(first.fences());
        fixture().busy(store, exclusive(claim.key()));
        assertThat(store.release(second)).isTrue();
        fixture().assertFree(store, claim.key());
    }

    @Test
    default void rule02_aSecondReleaseSaysThatItWasNotHeld() {
        LockStore store = fixture().store();
        Grant grant = fixture().granted(store, exclusive(fixture().key()));
        assertThat(store.release(grant)).isTrue();
        assertThat(store.release(grant)).isFalse();
        fixture().assertFree(store, grant.key());
    }

    @Test
    default void rule02_aStrangersReleaseFreesNothing() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant held = fixture().granted(store, exclusive(key));

        assertThat(store.release(new Grant(exclusive(key), held.fence(), held.fences())))
                .isFalse();

        fixture().busy(fixture().otherStore(), exclusive(key));
        assertThat(store.release(held)).isTrue();
    }

    @Test
    default void rule02_aStaleHolderFreesNobodyElsesLock() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        Grant stale = fixture().granted(store, exclusive(key));
        assertThat(store.release(stale)).isTrue();
        Grant current = fixture().granted(other, exclusive(key));

        assertThat(store.release(stale)).isFalse();
        store.withdraw(stale.claim());

        fixture().busy(store, exclusive(key));
        assertThat(other.release(current)).isTrue();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule02_aHolderWhoseLeaseEndedFreesAndProlongsNobodyElsesLock() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant stale = fixture().granted(store, exclusive(key, SHORT));
        fixture().letPass(SHORT.plus(Fixture.GRANULARITY));
        LockStore other = fixture().otherStore();
        Grant current = fixture().granted(other, exclusive(key, SHORT));

        assertThat(store.renew(List.of(stale), Fixture.LONG)).containsExactly(Renewal.LOST);
        assertThat(store.release(stale)).isFalse();
        fixture().busy(store, exclusive(key));

        assertThat(other.release(current)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule02_aStrangersRenewalProlongsNothing() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant held = fixture().granted(store, exclusive(key, SHORT));

        Grant strangers = new Grant(exclusive(key), held.fence(), held.fences());
        assertThat(fixture().otherStore().renew(List.of(strangers), Fixture.LONG))
                .containsExactly(Renewal.LOST);

        fixture().letPass(SHORT.plus(Fixture.GRANULARITY));
        fixture().assertFree(store, key);
    }

    @Test
    default void rule02_renewNeverRecreatesALockThatIsGone() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant gone = fixture().granted(store, exclusive(key));
        assertThat(store.release(gone)).isTrue();

        assertThat(store.renew(List.of(gone), Fixture.LONG)).containsExactly(Renewal.LOST);

        assertThat(store.find(key)).isEmpty();
        fixture().assertFree(fixture().otherStore(), key);
    }

    @Test
    default void rule02_withdrawFreesAClaimThatWasGranted() {
        LockStore store = fixture().store();
        Claim claim = exclusive(fixture().key());
        fixture().granted(store, claim);

        store.withdraw(claim);
        store.withdraw(claim);

        fixture().assertFree(fixture().otherStore(), claim.key());
    }

    @Test
    default void rule02_withdrawOfAClaimThatWasBusyFreesNothing() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, exclusive(key));
        Claim given = Fixture.waiting(exclusive(key), false);
        fixture().busy(store, given);

        store.withdraw(given);
        store.withdraw(exclusive(key));

        fixture().busy(fixture().otherStore(), exclusive(key));
        assertThat(store.release(held)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    default void rule02_aGrantIsReleasedFromAnotherThread() {
        LockStore store = fixture().store();
        Grant grant = Together.result(Together.start(
                "taker", () -> fixture().granted(store, exclusive(fixture().key()))));
        assertThat(store.renew(List.of(grant), Fixture.LONG)).containsExactly(Renewal.HELD);
        assertThat(store.release(grant)).isTrue();
        fixture().assertFree(store, grant.key());
    }
}
