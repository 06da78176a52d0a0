package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.GRANULARITY;
import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 3 and 10 call by call: a lease ends by itself, not sooner, and renewal moves its end. */
interface LeaseContract extends Contract {

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aLeaseEndsByItselfAndNotSooner() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        fixture()
                .busyUntilLeaseEnd(other, exclusive(key), SHORT, () -> fixture().granted(store, exclusive(key, SHORT)));
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aLeaseEndsEvenIfItsClientIsGone() {
        LockKey key = fixture().key();
        LockStore dead = fixture().otherStore();
        fixture().granted(dead, exclusive(key, SHORT));
        dead.close();

        fixture().letPass(SHORT.plus(GRANULARITY));

        fixture().assertFree(fixture().store(), key);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_anEndedLeaseIsNoLongerAHolder() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant grant = fixture().granted(store, exclusive(key, SHORT));
        assertThat(store.find(key)).isPresent();

        fixture().letPass(SHORT.plus(GRANULARITY));

        assertThat(store.find(key)).isEmpty();
        assertThat(store.renew(List.of(grant), SHORT)).containsExactly(Renewal.LOST);
        assertThat(store.release(grant)).isFalse();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule01_aLeaseThatIsRenewedInTimeIsNeverFree() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        Grant grant = fixture().granted(store, exclusive(key, SHORT));
        for (int third = 0; third < 6; third++) {
            fixture().letPass(SHORT.dividedBy(3));
            fixture().busy(other, exclusive(key));
            assertThat(store.renew(List.of(grant), SHORT)).containsExactly(Renewal.HELD);
        }
        assertThat(store.release(grant)).isTrue();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aRenewedLeaseEndsOneLeaseAfterTheRenewal() {
        LockKey key = fixture().key();
        LockStore store = fixture().store();
        Grant grant = fixture().granted(store, exclusive(key, SHORT));
        fixture().letPass(SHORT.dividedBy(2));

        fixture().busyUntilLeaseEnd(fixture().otherStore(), exclusive(key), SHORT, () -> assertThat(
                        store.renew(List.of(grant), SHORT))
                .containsExactly(Renewal.HELD));
    }

    @Test
    default void rule10_aRenewalAnswersForEachGrantInOrder() {
        LockStore store = fixture().store();
        Grant held = fixture().granted(store, exclusive(fixture().key()));
        Grant released = fixture().granted(store, exclusive(fixture().key()));
        assertThat(store.release(released)).isTrue();
        Grant alsoHeld = fixture().granted(store, exclusive(fixture().key()));
        Grant strangers = new Grant(exclusive(held.key()), held.fence(), 1);
        Grant removed = fixture().granted(store, exclusive(fixture().key()));
        assertThat(store.forceRelease(removed.key())).isTrue();

        assertThat(store.renew(List.of(released, held, strangers, alsoHeld, removed, held), Fixture.LONG))
                .containsExactly(Renewal.LOST, Renewal.HELD, Renewal.LOST, Renewal.HELD, Renewal.LOST, Renewal.HELD);
    }

    @Test
    default void rule10_manyGrantsAreRenewedInOneCall() {
        LockStore store = fixture().store();
        assertThat(store.renew(List.of(), Fixture.LONG)).isEmpty();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            grants.add(fixture().granted(store, exclusive(fixture().key())));
        }
        assertThat(store.renew(grants, Fixture.LONG)).hasSize(250).containsOnly(Renewal.HELD);
        grants.forEach(grant -> assertThat(store.release(grant)).isTrue());
        assertThat(store.renew(grants, Fixture.LONG)).hasSize(250).containsOnly(Renewal.LOST);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aVeryLongLeaseIsALease() {
        LockStore store = fixture().store();
        Grant grant = fixture().granted(store, exclusive(fixture().key(), Duration.ofDays(3_650)));
        fixture().busy(store, exclusive(grant.key()));
        assertThat(store.renew(List.of(grant), Duration.ofDays(3_650))).containsExactly(Renewal.HELD);
        assertThat(store.release(grant)).isTrue();
        fixture().assertFree(store, grant.key());
    }
}
