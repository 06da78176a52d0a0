package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.GRANULARITY;
import static io.lockweave.testkit.Bench.LONG;
import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static io.lockweave.testkit.Bench.shared;
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
        LockStore store = bench().store();
        Claim claim = exclusive(bench().key());
        assertThat(store.find(claim.key())).isEmpty();
        Grant grant = bench().granted(store, claim);

        StoredLock found = bench().otherStore().find(claim.key()).orElseThrow();

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
            assertThat(holder.heldFor()).isBetween(GRANULARITY.negated(), Bench.SLACK.multipliedBy(4));
        }
        assertThat(store.release(grant)).isTrue();
        assertThat(store.find(claim.key())).isEmpty();
    }

    @Test
    @Needs(Capability.SHARED)
    default void findTellsAllSharedHolders() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant one = bench().granted(store, shared(key));
        Grant two = bench().granted(bench().otherStore(), shared(key));

        assertThat(store.find(key).orElseThrow().holders())
                .extracting(LockHolder::owner)
                .containsExactlyInAnyOrder(one.owner(), two.owner());
        assertThat(store.find(key).orElseThrow().holders())
                .extracting(LockHolder::mode)
                .containsOnly(LockMode.SHARED);
    }

    @Test
    default void listShowsWhatIsHeldAndNoMoreThanAsked() {
        LockStore store = bench().store();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            grants.add(bench().granted(store, exclusive(bench().key())));
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
        LockStore store = bench().store();
        LockKey key = bench().key();
        assertThat(store.forceRelease(key)).as("a free key").isFalse();
        Grant grant = bench().granted(store, exclusive(key));

        assertThat(store.forceRelease(key)).isTrue();

        assertThat(store.renew(List.of(grant), LONG)).containsExactly(Renewal.LOST);
        assertThat(store.release(grant)).isFalse();
        bench().assertFree(bench().otherStore(), key);
    }

    @Test
    @Needs(Capability.SHARED)
    default void forceReleaseFreesAllSharedHolders() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        bench().granted(store, shared(key));
        bench().granted(store, shared(key));
        assertThat(store.forceRelease(key)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    @Needs(hooks = StoreHook.CountsItsEntries.class)
    default void rule13_nothingIsKeptAfterTheLastRelease() {
        LockStore store = bench().store();
        StoreHook.CountsItsEntries counter = bench().hook(StoreHook.CountsItsEntries.class);
        bench().assertFree(store, bench().key());
        long before = counter.entries();
        for (int i = 0; i < 100; i++) {
            LockKey key = bench().key();
            Grant grant = bench().granted(store, exclusive(key));
            Claim waiter = Bench.waiting(exclusive(key), false);
            bench().busy(store, waiter);
            store.withdraw(waiter);
            assertThat(store.release(grant)).isTrue();
            store.withdraw(grant.claim());
        }
        assertThat(counter.entries()).isLessThanOrEqualTo(before);
    }

    @Test
    @Needs(value = Capability.LEASE, hooks = StoreHook.CountsItsEntries.class)
    default void rule13_nothingIsKeptAfterTheEndOfALease() {
        LockStore store = bench().store();
        StoreHook.CountsItsEntries counter = bench().hook(StoreHook.CountsItsEntries.class);
        long before = counter.entries();
        for (int i = 0; i < 50; i++) {
            bench().granted(store, exclusive(bench().key(), SHORT));
        }
        bench().letPass(SHORT.multipliedBy(2));
        assertThat(counter.entries()).isLessThanOrEqualTo(before);
    }

    @Test
    @Needs(hooks = StoreHook.CountsItsEntries.class)
    default void rule13_theEntriesOfHeldLocksAreCounted() {
        StoreHook.CountsItsEntries counter = bench().hook(StoreHook.CountsItsEntries.class);
        long before = counter.entries();
        for (int i = 0; i < 10; i++) {
            bench().granted(bench().store(), exclusive(bench().key()));
        }
        assertThat(counter.entries()).as("else the hook counts nothing").isGreaterThanOrEqualTo(before + 10);
    }

    @Test
    default void aBackendIsClosedMoreThanOnce() {
        LockStore store = bench().otherStore();
        bench().assertFree(store, bench().key());
        store.close();
        store.close();
    }
}
