package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.GRANULARITY;
import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Attempt.Granted;
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
        LockKey key = bench().key();
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        bench().busyUntilLeaseEnd(other, exclusive(key), SHORT, () -> bench().granted(store, exclusive(key, SHORT)));
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aLeaseEndsEvenIfItsClientIsGone() {
        LockKey key = bench().key();
        LockStore dead = bench().otherStore();
        bench().granted(dead, exclusive(key, SHORT));
        dead.close();

        bench().letPass(SHORT.plus(GRANULARITY));

        bench().assertFree(bench().store(), key);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_anEndedLeaseIsNoLongerAHolder() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant grant = bench().granted(store, exclusive(key, SHORT));
        assertThat(store.find(key)).isPresent();

        bench().letPass(SHORT.plus(GRANULARITY));

        assertThat(store.find(key)).isEmpty();
        assertThat(store.renew(List.of(grant), SHORT)).containsExactly(Renewal.LOST);
        assertThat(store.release(grant)).isFalse();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule01_aLeaseThatIsRenewedInTimeIsNeverFree() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        Grant grant = bench().granted(store, exclusive(key, SHORT));
        for (int third = 0; third < 6; third++) {
            bench().letPass(SHORT.dividedBy(3));
            bench().busy(other, exclusive(key));
            assertThat(store.renew(List.of(grant), SHORT)).containsExactly(Renewal.HELD);
        }
        assertThat(store.release(grant)).isTrue();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aRenewedLeaseEndsOneLeaseAfterTheRenewal() {
        LockKey key = bench().key();
        LockStore store = bench().store();
        Grant grant = bench().granted(store, exclusive(key, SHORT));
        bench().letPass(SHORT.dividedBy(2));

        bench().busyUntilLeaseEnd(bench().otherStore(), exclusive(key), SHORT, () -> assertThat(
                        store.renew(List.of(grant), SHORT))
                .containsExactly(Renewal.HELD));
    }

    @Test
    default void rule10_aRenewalAnswersForEachGrantInOrder() {
        LockStore store = bench().store();
        Grant held = bench().granted(store, exclusive(bench().key()));
        Grant released = bench().granted(store, exclusive(bench().key()));
        assertThat(store.release(released)).isTrue();
        Grant alsoHeld = bench().granted(store, exclusive(bench().key()));
        Grant strangers = new Grant(exclusive(held.key()), held.fence(), 1);
        Grant removed = bench().granted(store, exclusive(bench().key()));
        assertThat(store.forceRelease(removed.key())).isTrue();

        assertThat(store.renew(List.of(released, held, strangers, alsoHeld, removed, held), Bench.LONG))
                .containsExactly(Renewal.LOST, Renewal.HELD, Renewal.LOST, Renewal.HELD, Renewal.LOST, Renewal.HELD);
    }

    @Test
    default void rule10_manyGrantsAreRenewedInOneCall() {
        LockStore store = bench().store();
        assertThat(store.renew(List.of(), Bench.LONG)).isEmpty();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            grants.add(bench().granted(store, exclusive(bench().key())));
        }
        assertThat(store.renew(grants, Bench.LONG)).hasSize(250).containsOnly(Renewal.HELD);
        grants.forEach(grant -> assertThat(store.release(grant)).isTrue());
        assertThat(store.renew(grants, Bench.LONG)).hasSize(250).containsOnly(Renewal.LOST);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aVeryLongLeaseIsALease() {
        LockStore store = bench().store();
        Grant grant = bench().granted(store, exclusive(bench().key(), Duration.ofDays(3_650)));
        bench().busy(store, exclusive(grant.key()));
        assertThat(store.renew(List.of(grant), Duration.ofDays(3_650))).containsExactly(Renewal.HELD);
        assertThat(store.release(grant)).isTrue();
        assertThat(store.tryAcquire(exclusive(grant.key(), Duration.ofMillis(1))))
                .isInstanceOf(Granted.class);
    }
}
