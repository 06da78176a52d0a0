package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.HoldContract.assertFreeForOthers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.Together;
import io.lockweave.testkit.fault.FaultyStore;
import io.lockweave.testkit.fault.FaultyStore.Call;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules 1 to 5, 7, 8 and 11 for several free keys taken in one round trip. */
interface JointClaimContract extends Contract {

    private List<LockKey> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> fixture().key("j" + i)).toList();
    }

    private static List<Claim> claims(List<LockKey> keys) {
        return keys.stream().map(Fixture::exclusive).toList();
    }

    private List<Grant> all(LockStore store, List<Claim> claims) {
        JointAttempt attempt = fixture().ask(store, claims);
        assertThat(attempt).as("answer to %s", claims).isInstanceOf(JointAttempt.Granted.class);
        return ((JointAttempt.Granted) attempt).grants();
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule07_freeKeysAreTakenInOneStep() {
        List<Claim> claims = claims(keys(10));
        LockStore store = fixture().store();
        List<Grant> grants = all(store, claims);

        assertThat(grants).extracting(Grant::owner).containsExactlyElementsOf(owners(claims));
        assertThat(grants).extracting(Grant::key).containsExactlyElementsOf(keys(10));
        assertThat(grants).allSatisfy(grant -> assertThat(grant.fences())
                .isBetween(1, grant.claim().fences()));
        LockStore other = fixture().otherStore();
        claims.forEach(claim -> fixture().busy(other, exclusive(claim.key())));
        assertThat(store.renew(grants, Fixture.LONG)).containsOnly(Renewal.HELD);
        assertThat(grants).allSatisfy(grant -> assertThat(store.release(grant)).isTrue());
        claims.forEach(claim -> fixture().assertFree(other, claim.key()));
    }

    private static List<String> owners(List<Claim> claims) {
        return claims.stream().map(Claim::owner).toList();
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule07_ifOneOfSeveralIsBusyNoneIsTaken() {
        List<LockKey> keys = keys(4);
        Claim held = exclusive(keys.get(2));
        fixture().granted(fixture().store(), held);
        for (LockStore store : List.of(fixture().store(), fixture().otherStore())) {
            JointAttempt attempt = fixture().ask(store, claims(keys));
            assertThat(attempt).isInstanceOf(JointAttempt.Busy.class);
            JointAttempt.Busy busy = (JointAttempt.Busy) attempt;
            assertThat(busy.key()).isEqualTo(keys.get(2));
            if (busy.answer().holder() != null) {
                assertThat(busy.answer().holder().owner()).isEqualTo(held.owner());
            }
            for (int free : List.of(0, 1, 3)) {
                fixture().assertFree(fixture().store(), keys.get(free));
            }
        }
    }

    @Test
    @Needs({Capability.TOGETHER, Capability.SHARED})
    default void rule05_severalKeysOfWhichOneIsSharedAreNotTaken() {
        List<LockKey> keys = keys(3);
        Grant reader = fixture().granted(fixture().store(), Fixture.shared(keys.get(1)));
        assertThat(fixture().ask(fixture().otherStore(), claims(keys))).isNotInstanceOf(JointAttempt.Granted.class);
        fixture().assertFree(fixture().store(), keys.get(0));
        assertThat(fixture().store().release(reader)).isTrue();
        // a store may not see at once that nobody shares it any more, but must not say that somebody holds it
        assertThat(fixture().ask(fixture().otherStore(), claims(keys))).isNotInstanceOf(JointAttempt.Busy.class);
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule02_severalAskedForAgainAreGrantedAgainWithTheSameFences() {
        List<Claim> claims = claims(keys(3));
        LockStore store = fixture().store();
        List<Grant> first = all(store, claims);
        List<Grant> again = all(store, claims);
        assertThat(again)
                .extracting(Grant::fence)
                .isEqualTo(first.stream().map(Grant::fence).toList());
        Grant alone = fixture().granted(fixture().otherStore(), claims.get(1));
        assertThat(alone.fence()).isEqualTo(first.get(1).fence());
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule02_severalAreWithdrawnOneByOne() {
        List<Claim> claims = claims(keys(3));
        LockStore store = fixture().store();
        all(store, claims);
        claims.forEach(store::withdraw);
        all(store, claims(keys(3)));
    }

    @Test
    @Needs({Capability.TOGETHER, Capability.LEASE})
    default void rule03_theLeasesOfSeveralEndByThemselves() {
        List<LockKey> keys = keys(2);
        LockStore store = fixture().store();
        all(store, keys.stream().map(key -> exclusive(key, Fixture.SHORT)).toList());
        assertThat(fixture().ask(store, claims(keys))).isInstanceOf(JointAttempt.Busy.class);
        fixture().letPass(Fixture.SHORT.plus(Fixture.GRANULARITY));
        all(store, claims(keys));
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule04_fencesGrowFromOneWayOfTakingToTheOther() {
        List<LockKey> keys = keys(2);
        LockStore store = fixture().store();
        long last = 0;
        for (int i = 0; i < 4; i++) {
            List<Grant> grants = all(
                    store,
                    claims(keys).stream()
                            .map(claim -> Fixture.withFences(claim, 5))
                            .toList());
            assertThat(grants.get(0).fence()).isGreaterThan(last);
            grants.forEach(store::release);
            Grant alone = fixture().granted(store, exclusive(keys.get(0)));
            assertThat(alone.fence())
                    .isGreaterThanOrEqualTo(
                            grants.get(0).fence() + grants.get(0).fences());
            last = alone.fence();
            store.release(alone);
        }
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule01_ofSeveralClaimsThatMeetOneGetsEveryKeyItWantsOrNone() {
        List<LockStore> stores = List.of(fixture().store(), fixture().otherStore());
        List<LockKey> keys = keys(4);
        for (int round = 0; round < 15; round++) {
            List<List<Grant>> taken = Together.run(6, i -> {
                List<LockKey> mine = i % 3 == 0 ? keys : keys.subList(i % 3, i % 3 + 2);
                JointAttempt attempt = fixture().ask(stores.get(i % 2), claims(mine));
                return attempt instanceof JointAttempt.Granted granted ? granted.grants() : List.<Grant>of();
            });
            List<Grant> all = taken.stream().flatMap(List::stream).toList();
            assertThat(all)
                    .extracting(Grant::key)
                    .as("taken in round %d", round)
                    .doesNotHaveDuplicates();
            for (Grant grant : all) {
                assertThat(stores.get(0).release(grant))
                        .as("release of %s", grant)
                        .isTrue();
            }
            keys.forEach(key -> fixture().assertFree(stores.get(1), key));
        }
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule07_severalFreeKeysCostOneRoundTripBlockingAndNot() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = fixture().locksOn(store, builder -> builder);
        List<LockKey> keys = keys(10);
        HeldLock held = locks.acquireAll(keys);
        assertThat(held.parts()).extracting(HeldLock::key).containsExactlyElementsOf(keys);
        held.close();
        HeldLock later = locks.acquireAllAsync(keys, LockOptions.defaults()).join();
        assertThat(later.parts()).extracting(HeldLock::key).containsExactlyElementsOf(keys);
        assertThat(later.fence()).isGreaterThan(held.fence());
        later.close();
        assertThat(store.calls(Call.TRY_ACQUIRE_ALL)).isEqualTo(2);
        assertThat(store.calls(Call.TRY_ACQUIRE)).isZero();
        assertThat(store.calls(Call.RELEASE_ALL)).isEqualTo(2);
        assertThat(store.calls(Call.RELEASE)).isZero();
        keys.forEach(key -> assertFreeForOthers(fixture().locks(), key));
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule07_severalAreGivenBackInOneStep() {
        List<LockKey> keys = keys(4);
        LockStore store = fixture().store();
        List<Grant> grants = all(store, claims(keys));
        Grant stranger = fixture().granted(store, exclusive(fixture().key("stranger")));
        assertThat(store.release(grants.get(2))).isTrue();
        Grant next = fixture().granted(fixture().otherStore(), exclusive(keys.get(2)));

        assertThat(store.releaseAll(grants)).containsExactly(true, true, false, true);
        for (int free : List.of(0, 1, 3)) {
            fixture().assertFree(fixture().otherStore(), keys.get(free));
        }
        assertThat(store.renew(List.of(next, stranger), Fixture.LONG)).containsOnly(Renewal.HELD);
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule07_oneOfSeveralThatWasLostIsToldOfAndTheOthersAreFree() {
        Locks locks = fixture().locks();
        List<LockKey> keys = keys(3);
        HeldLock held = locks.acquireAll(keys);
        assertThat(fixture().store().forceRelease(keys.get(1))).isTrue();
        held.close();
        assertThat(held.parts()).extracting(HeldLock::isLost).containsExactly(false, true, false);
        keys.forEach(key -> assertFreeForOthers(fixture().locks(), key));
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule11_severalWhoseReleaseFailsAreFreedLater() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = fixture().locksOn(store, builder -> builder);
        List<LockKey> keys = keys(3);
        HeldLock held = locks.acquireAll(keys);
        store.failing(Call.RELEASE_ALL, 1);
        assertThatThrownBy(held::close).isInstanceOf(LockBackendException.class);
        Locks elsewhere = fixture().locks();
        keys.forEach(key -> elsewhere.acquire(key).close());
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule08_severalThatAreNotWaitedForCostOneRoundTripIfOneIsBusy() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = fixture().locksOn(store, builder -> builder);
        List<LockKey> keys = keys(3);
        fixture().granted(fixture().store(), exclusive(keys.get(1)));
        LockOptions noWait = LockOptions.defaults().waitTime(Duration.ZERO);
        assertThatThrownBy(() -> locks.acquireAll(keys, noWait))
                .isInstanceOf(LockUnavailableException.class)
                .hasMessageContaining(keys.get(1).value());
        assertThat(store.calls()).isEqualTo(1);
        assertThatThrownBy(() -> locks.acquireAllAsync(keys, noWait).join())
                .hasCauseInstanceOf(LockUnavailableException.class);
        assertThat(store.calls()).isEqualTo(2);
    }

    @Test
    @Needs(Capability.TOGETHER)
    default void rule11_ifTheAnswerForSeveralIsLostTheyAreTakenAllTheSame() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = fixture().locksOn(store, builder -> builder);
        List<LockKey> keys = keys(3);
        store.losingReplies(Call.TRY_ACQUIRE_ALL, 1);
        HeldLock held = locks.acquireAll(keys);
        store.losingReplies(Call.TRY_ACQUIRE_ALL, 1);
        List<LockKey> others = List.of(fixture().key("other1"), fixture().key("other2"));
        HeldLock more = locks.acquireAllAsync(others, LockOptions.defaults()).join();
        assertThat(held.isHeld() && more.isHeld()).isTrue();
        held.close();
        more.close();
        Locks elsewhere = fixture().locks();
        keys.forEach(key -> elsewhere.acquire(key).close());
        others.forEach(key -> elsewhere.acquire(key).close());
    }
}
