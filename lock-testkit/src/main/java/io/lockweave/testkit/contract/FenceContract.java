package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.Fixture.permit;
import static io.lockweave.testkit.contract.Fixture.shared;
import static io.lockweave.testkit.contract.Fixture.withFences;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.Together;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Rule 4 call by call: fences grow, whatever happens, and no two grants share one. */
interface FenceContract extends Contract {

    @Test
    default void rule04_fencesGrowFromHolderToHolder() {
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        LockKey key = fixture().key();
        long last = 0;
        for (int i = 0; i < 40; i++) {
            LockStore store = stores.get(i % 2);
            Grant grant = fixture().granted(store, withFences(exclusive(key), i % 5 == 0 ? 16 : 1));
            assertThat(grant.fence()).as("fence of holder %d", i).isGreaterThan(last);
            last = grant.fence() + grant.fences() - 1;
            assertThat(store.release(grant)).isTrue();
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule04_fencesGrowAfterALeaseEnded() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant dead = fixture().granted(store, withFences(exclusive(key, SHORT), 100));
        fixture().letPass(SHORT.plus(Fixture.GRANULARITY));
        assertThat(fixture().granted(fixture().otherStore(), exclusive(key)).fence())
                .isGreaterThan(dead.fence() + dead.fences() - 1);
    }

    @Test
    default void rule04_fencesGrowAfterAWithdrawalAndAForcedRelease() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant withdrawn = fixture().granted(store, exclusive(key));
        store.withdraw(withdrawn.claim());
        Grant removed = fixture().granted(store, exclusive(key));
        assertThat(removed.fence()).isGreaterThan(withdrawn.fence());
        assertThat(store.forceRelease(key)).isTrue();
        assertThat(fixture().granted(store, exclusive(key)).fence()).isGreaterThan(removed.fence());
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule04_noTwoSharedHoldersHaveOneFence() {
        LockKey key = fixture().key();
        assertGrowing(growAt(key, Fixture::shared));
        LockKey mixed = fixture().key();
        Grant reader = fixture().granted(fixture().store(), shared(mixed));
        assertThat(fixture().store().release(reader)).isTrue();
        Grant writer = fixture().granted(fixture().store(), exclusive(mixed));
        assertThat(writer.fence()).isGreaterThan(reader.fence());
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule04_noTwoPermitHoldersHaveOneFence() {
        LockKey key = fixture().key();
        assertGrowing(growAt(key, k -> permit(k, 10)));
    }

    private List<Grant> growAt(LockKey key, Function<LockKey, Claim> claim) {
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            grants.add(fixture().granted(fixture().store(), withFences(claim.apply(key), 1 + i % 3)));
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
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        for (int round = 0; round < 20; round++) { // a key nobody has asked for yet is the hardest
            LockKey key = fixture().key();
            List<Grant> grants = new ArrayList<>(
                    Together.run(8, i -> fixture().granted(stores.get(i % 2), withFences(permit(key, 8), 1 + i))));
            grants.sort(Comparator.comparingLong(Grant::fence));
            assertGrowing(grants);
        }
    }

    @Test
    default void rule04_strideAfterStrideOverlapsNowhere() {
        LockStore store = fixture().store();
        List<LockKey> keys = List.of(fixture().key(), fixture().key(), fixture().key());
        long[] last = new long[keys.size()];
        for (int i = 0; i < 60; i++) {
            int which = i % keys.size();
            Grant grant = fixture().granted(store, withFences(exclusive(keys.get(which)), 1 + i * 37 % 1_000));
            assertThat(grant.fence()).as("fence %d", i).isGreaterThan(last[which]);
            last[which] = grant.fence() + grant.fences() - 1;
            assertThat(store.release(grant)).isTrue();
        }
    }

    @Test
    default void rule04_fencesGrowWhenAllClientsAreNew() {
        LockKey key = fixture().key();
        long last = 0;
        for (int i = 0; i < 3; i++) {
            LockStore store = fixture().otherStore();
            Grant grant = fixture().granted(store, exclusive(key));
            assertThat(grant.fence()).isGreaterThan(last);
            last = grant.fence();
            assertThat(store.release(grant)).isTrue();
            store.close();
        }
    }

    @Test
    @Needs(value = Capability.DURABLE_FENCE, hooks = StoreHook.LosesItsData.class)
    default void rule04_fencesGrowAfterTheStoreLostItsData() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        long last = 0;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 100; i++) {
                Grant grant = fixture().granted(store, withFences(exclusive(key), 1_000));
                assertThat(grant.fence()).as("fence %d of round %d", i, round).isGreaterThan(last);
                last = grant.fence() + grant.fences() - 1;
                assertThat(store.release(grant)).isTrue();
            }
            fixture().hook(StoreHook.LosesItsData.class).loseData();
        }
    }
}
