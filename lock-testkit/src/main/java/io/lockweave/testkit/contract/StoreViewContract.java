package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.GRANULARITY;
import static io.lockweave.testkit.contract.Fixture.LONG;
import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.Fixture.shared;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an operator sees and does, and rule 13: what remains when all is over. */
interface StoreViewContract extends Contract {

    @Test
    default void findTellsWhoHoldsAKey() {
        LockStore store = fixture().store();
        Claim claim = exclusive(fixture().key());
        assertThat(store.find(claim.key())).isEmpty();
        Grant grant = fixture().granted(store, claim);

        StoredLock found = fixture().otherStore().find(claim.key()).orElseThrow();

        assertThat(found.key()).isEqualTo(claim.key().toString());
        List<LockHolder> holders = found.holders();
        assertThat(holders).hasSize(1);
        LockHolder holder = holders.get(0);
        assertThat(holder.owner()).isEqualTo(claim.owner());
        assertThat(holder.place()).isEqualTo(claim.place());
        assertThat(holder.mode()).isEqualTo(LockMode.EXCLUSIVE);
        assertThat(holder.fence()).isBetween(grant.fence(), grant.fence() + grant.fences() - 1);
        if (holder.leaseLeft() != null) {
            assertThat(holder.leaseLeft()).isPositive().isLessThanOrEqualTo(LONG.plus(GRANULARITY));
        }
        if (holder.heldFor() != null) {
            assertThat(holder.heldFor()).isBetween(GRANULARITY.negated(), Fixture.SLACK.multipliedBy(4));
        }
        assertThat(store.release(grant)).isTrue();
        assertThat(store.find(claim.key())).isEmpty();
    }

    @Test
    @Needs(Capability.SHARED)
    default void findTellsAllSharedHolders() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant one = fixture().granted(store, shared(key));
        Grant two = fixture().granted(fixture().otherStore(), shared(key));

        assertThat(store.find(key).orElseThrow().holders())
                .extracting(LockHolder::owner)
                .containsExactlyInAnyOrder(one.owner(), two.owner());
        assertThat(store.find(key).orElseThrow().holders())
                .extracting(LockHolder::mode)
                .containsOnly(LockMode.SHARED);
    }

    @Test
    default void listShowsWhatIsHeldAndNoMoreThanAsked() {
        LockStore store = fixture().store();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            grants.add(fixture().granted(store, exclusive(fixture().key())));
        }
        List<String> owners = grants.stream().map(Grant::owner).toList();

        assertThat(owners(store.list(100_000))).containsAll(owners);
        assertThat(store.list(2)).hasSize(2);

        grants.forEach(store::release);
        assertThat(owners(store.list(100_000))).doesNotContainAnyElementsOf(owners);
    }

    private static List<String> owners(List<StoredLock> locks) {
        return locks.stream()
                .flatMap(lock -> lock.holders().stream())
                .map(LockHolder::owner)
                .toList();
    }

    @Test
    default void forceReleaseFreesAKeyWhoeverHoldsIt() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        assertThat(store.forceRelease(key)).as("a free key").isFalse();
        Grant grant = fixture().granted(store, exclusive(key));

        assertThat(store.forceRelease(key)).isTrue();

        assertThat(store.renew(List.of(grant), LONG)).containsExactly(Renewal.LOST);
        assertThat(store.release(grant)).isFalse();
        fixture().assertFree(fixture().otherStore(), key);
    }

    @Test
    @Needs(Capability.SHARED)
    default void forceReleaseFreesAllSharedHolders() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        fixture().granted(store, shared(key));
        fixture().granted(store, shared(key));
        assertThat(store.forceRelease(key)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs(hooks = StoreHook.CountsItsEntries.class)
    default void rule13_nothingIsKeptAfterTheLastRelease() {
        LockStore store = fixture().store();
        StoreHook.CountsItsEntries counter = fixture().hook(StoreHook.CountsItsEntries.class);
        fixture().assertFree(store, fixture().key());
        long before = counter.entries();
        for (int i = 0; i < 100; i++) {
            LockKey key = fixture().key();
            Grant grant = fixture().granted(store, exclusive(key));
            Claim waiter = Fixture.waiting(exclusive(key), false);
            fixture().busy(store, waiter);
            store.withdraw(waiter);
            assertThat(store.release(grant)).isTrue();
            store.withdraw(grant.claim());
        }
        assertThat(counter.entries()).isLessThanOrEqualTo(before);
    }

    @Test
    @Needs(value = Capability.LEASE, hooks = StoreHook.CountsItsEntries.class)
    default void rule13_nothingIsKeptAfterTheEndOfALease() {
        LockStore store = fixture().store();
        StoreHook.CountsItsEntries counter = fixture().hook(StoreHook.CountsItsEntries.class);
        long before = counter.entries();
        for (int i = 0; i < 50; i++) {
            fixture().granted(store, exclusive(fixture().key(), SHORT));
        }
        fixture().letPass(SHORT.multipliedBy(2));
        assertThat(counter.entries()).isLessThanOrEqualTo(before);
    }

    @Test
    @Needs(hooks = StoreHook.CountsItsEntries.class)
    default void rule13_theEntriesOfHeldLocksAreCounted() {
        StoreHook.CountsItsEntries counter = fixture().hook(StoreHook.CountsItsEntries.class);
        long before = counter.entries();
        for (int i = 0; i < 10; i++) {
            fixture().granted(fixture().store(), exclusive(fixture().key()));
        }
        assertThat(counter.entries()).as("else the hook counts nothing").isGreaterThanOrEqualTo(before + 10);
    }

    @Test
    default void aBackendIsClosedMoreThanOnce() {
        LockStore store = fixture().otherStore();
        fixture().assertFree(store, fixture().key());
        store.close();
        store.close();
    }
}
