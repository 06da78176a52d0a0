package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static io.lockweave.testkit.Bench.permit;
import static io.lockweave.testkit.Bench.shared;
import static io.lockweave.testkit.Bench.withFences;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rule 4 call by call: fences grow, whatever happens, and no two grants share one. */
interface FenceContract extends Contract {

    @Test
    default void rule04_fencesGrowFromHolderToHolder() {
        List<LockStore> stores = List.of(bench().store(), bench().otherStore());
        LockKey key = bench().key();
        long last = 0;
        for (int i = 0; i < 40; i++) {
            LockStore store = stores.get(i % 2);
            Grant grant = bench().granted(store, withFences(exclusive(key), i % 5 == 0 ? 16 : 1));
            assertThat(grant.fence()).as("fence of holder %d", i).isGreaterThan(last);
            last = grant.fence() + grant.fences() - 1;
            assertThat(store.release(grant)).isTrue();
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule04_fencesGrowAfterALeaseEnded() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant dead = bench().granted(store, withFences(exclusive(key, SHORT), 100));
        bench().letPass(SHORT.plus(Bench.GRANULARITY));
        assertThat(bench().granted(bench().otherStore(), exclusive(key)).fence())
                .isGreaterThan(dead.fence() + dead.fences() - 1);
    }

    @Test
    default void rule04_fencesGrowAfterAWithdrawalAndAForcedRelease() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant withdrawn = bench().granted(store, exclusive(key));
        store.withdraw(withdrawn.claim());
        Grant removed = bench().granted(store, exclusive(key));
        assertThat(removed.fence()).isGreaterThan(withdrawn.fence());
        assertThat(store.forceRelease(key)).isTrue();
        assertThat(bench().granted(store, exclusive(key)).fence()).isGreaterThan(removed.fence());
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule04_noTwoSharedHoldersHaveOneFence() {
        LockKey key = bench().key();
        assertGrowing(growAt(key, Bench::shared));
        LockKey mixed = bench().key();
        Grant reader = bench().granted(bench().store(), shared(mixed));
        assertThat(bench().store().release(reader)).isTrue();
        Grant writer = bench().granted(bench().store(), exclusive(mixed));
        assertThat(writer.fence()).isGreaterThan(reader.fence());
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule04_noTwoPermitHoldersHaveOneFence() {
        LockKey key = bench().key();
        assertGrowing(growAt(key, k -> permit(k, 10)));
    }

    private List<Grant> growAt(LockKey key, Function<LockKey, Claim> claim) {
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            grants.add(bench().granted(bench().store(), withFences(claim.apply(key), 1 + i % 3)));
        }
        return grants;
    }

    private static void assertGrowing(List<Grant> grants) {
        for (int i = 1; i < grants.size(); i++) {
            Grant before = grants.get(i - 1);
            assertThat(grants.get(i).fence()).as("fence %d", i).isGreaterThan(before.fence() + before.fences() - 1);
        }
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule04_concurrentGrantsOfOneKeyShareNoFence() {
        LockKey key = bench().key();
        List<LockStore> stores = List.of(bench().store(), bench().otherStore());
        List<Grant> grants = new ArrayList<>(
                Together.run(8, i -> bench().granted(stores.get(i % 2), withFences(permit(key, 8), 1 + i))));
        grants.sort(Comparator.comparingLong(Grant::fence));
        assertGrowing(grants);
    }

    @Test
    default void rule04_strideAfterStrideOverlapsNowhere() {
        LockStore store = bench().store();
        List<LockKey> keys = List.of(bench().key(), bench().key(), bench().key());
        long[] last = new long[keys.size()];
        for (int i = 0; i < 60; i++) {
            int which = i % keys.size();
            Grant grant = bench().granted(store, withFences(exclusive(keys.get(which)), 1 + i * 37 % 1_000));
            assertThat(grant.fence()).as("fence %d", i).isGreaterThan(last[which]);
            last[which] = grant.fence() + grant.fences() - 1;
            assertThat(store.release(grant)).isTrue();
        }
    }

    @Test
    default void rule04_fencesGrowWhenAllClientsAreNew() {
        LockKey key = bench().key();
        long last = 0;
        for (int i = 0; i < 3; i++) {
            LockStore store = bench().otherStore();
            Grant grant = bench().granted(store, exclusive(key));
            assertThat(grant.fence()).isGreaterThan(last);
            last = grant.fence();
            assertThat(store.release(grant)).isTrue();
            store.close();
        }
    }

    @Test
    @Needs(value = Capability.DURABLE_FENCE, hooks = StoreHook.LosesItsData.class)
    default void rule04_fencesGrowAfterTheStoreLostItsData() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        long last = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                Grant grant = bench().granted(store, withFences(exclusive(key), 1_000));
                assertThat(grant.fence()).as("fence %d of round %d", i, round).isGreaterThan(last);
                last = grant.fence() + grant.fences() - 1;
                assertThat(store.release(grant)).isTrue();
            }
            bench().hook(StoreHook.LosesItsData.class).loseData();
        }
    }
}
