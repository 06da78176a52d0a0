package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockBackendException;
import io.lockweave.LockOptions;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the keeper loses grants, and what becomes of renewals that cross the end of what they renew. */
@Timeout(30)
class KeeperLossTest {

    private static final Duration THIRD = Duration.ofSeconds(8);
    private static final Duration LEASE = EngineByHand.LEASE;
    private static final Duration MAX_HOLD = Duration.ofSeconds(10);

    private final EngineByHand engine = new EngineByHand(MAX_HOLD);
    private final ScriptedStore store = engine.store;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void close() {
        answered.countDown();
        engine.close();
    }

    /** Until the latch is open, the answer to the first renewal is awaited. */
    private void renewalHangs(Function<List<Grant>, List<Renewal>> answer) throws Exception {
        store.renews = grants -> {
            store.renews = ScriptedStore::allHeld;
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return answer.apply(grants);
        };
        engine.clock.moveTo(THIRD);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aGrantIsLostAtItsDeadlineThoughARenewalHangsAndWhatThatBringsIsTakenBack() throws Exception {
        LeasedGrant live = engine.keep(THIRD);
        EngineByHand.User user = EngineByHand.use(live);
        Claim claim = live.grant().claim();
        renewalHangs(ScriptedStore::allHeld);

        engine.clock.moveTo(LEASE.minusNanos(1));
        assertThat(user.losses).isEmpty();
        engine.at(LEASE);
        assertThat(user.losses).containsExactly("its lease ended before it could be renewed");
        assertThat(store.withdrawn).containsExactly(claim);

        answered.countDown();
        OtherThread.until(() -> store.withdrawn.size() == 2);
        assertThat(store.withdrawn).containsExactly(claim, claim);
        assertThat(live.deadline()).isEqualTo(HandClock.at(LEASE));
    }

    @Test
    void aLostGrantIsTakenBackOnceMoreWhenItsRequestsHaveSettled() {
        LeasedGrant live = engine.keep(THIRD);
        store.settling = Duration.ofSeconds(2);
        engine.keeper().stopRenewing();
        Claim claim = live.grant().claim();
        engine.at(LEASE);
        engine.at(LEASE.plusSeconds(2).minusNanos(1));
        assertThat(store.withdrawn).containsExactly(claim);
        engine.at(LEASE.plusSeconds(2));
        assertThat(store.withdrawn).containsExactly(claim, claim);
    }

    @Test
    void whatTheStoreNoLongerHasIsLostAtOnceAndTheOthersAreKept() {
        LeasedGrant gone = engine.keep(THIRD);
        LeasedGrant held = engine.keep(THIRD);
        EngineByHand.User loser = EngineByHand.use(gone);
        EngineByHand.User other = EngineByHand.use(held);
        store.renews = grants -> grants.stream()
                .map(grant -> grant.equals(gone.grant()) ? Renewal.LOST : Renewal.HELD)
                .toList();

        engine.at(THIRD);

        OtherThread.until(() -> !loser.losses.isEmpty());
        assertThat(loser.losses).containsExactly("the store no longer has it");
        assertThat(other.losses).isEmpty();
        assertThat(gone.kept).isFalse();
        assertThat(held.kept).isTrue();
        assertThat(store.withdrawn).isEmpty();
    }

    @Test
    void aLossThatTheStoreTellsEndsTheGrantOfThatTokenAtOnce() {
        LeasedGrant gone = engine.keep(THIRD);
        EngineByHand.User loser = EngineByHand.use(gone);
        EngineByHand.User other = EngineByHand.use(engine.keep(THIRD));

        store.losses.lost(gone.grant().owner(), "its session ended");

        assertThat(loser.losses).containsExactly("its session ended");
        assertThat(other.losses).isEmpty();
    }

    @Test
    void aLossToldBeforeTheGrantIsKnownCountsWhenItIsKept() {
        ResolvedOptions options = engine.options(LockOptions.defaults());
        Grant grant = engine.grant(options);
        store.losses.lost(grant.owner(), "its session ended");

        long end = HandClock.at(LEASE);
        assertThat(engine.keeper()
                        .keep(engine.grant(options), options, end, end)
                        .hasEnded())
                .isFalse();
        LeasedGrant live = engine.keeper().keep(grant, options, end, end);

        assertThat(live.hasEnded()).isTrue();
        assertThat(live.kept).isFalse();
        assertThat(live.join(new EngineByHand.User(), false)).isFalse();
    }

    @Test
    void ofLossesToldTooEarlyTheLastThousandAreRemembered() {
        ResolvedOptions options = engine.options(LockOptions.defaults());
        Grant first = engine.grant(options);
        Grant second = engine.grant(options);
        for (Grant grant : List.of(first, second)) {
            store.losses.lost(grant.owner(), "its session ended");
        }
        for (int i = 0; i < 999; i++) {
            store.losses.lost("nobody's token " + i, "its session ended");
        }
        long end = HandClock.at(LEASE);
        assertThat(engine.keeper().keep(first, options, end, end).hasEnded()).isFalse();
        assertThat(engine.keeper().keep(second, options, end, end).hasEnded()).isTrue();
    }

    @Test
    void aRenewalThatCrossesAReleaseIsTakenBack() throws Exception {
        LeasedGrant live = engine.keep(THIRD);
        renewalHangs(ScriptedStore::allHeld);
        live.endIfUnused();
        engine.keeper().forget(live);

        answered.countDown();

        OtherThread.until(() -> !store.withdrawn.isEmpty());
        assertThat(store.withdrawn).containsExactly(live.grant().claim());
        assertThat(engine.keeper().keepsAny()).isFalse();
    }

    @Test
    void aRenewalThatFailsAfterAReleaseIsTakenBackTooSinceItMayHaveBeenDone() throws Exception {
        LeasedGrant live = engine.keep(THIRD);
        renewalHangs(grants -> {
            throw LockBackendException.passing("connection cut", null);
        });
        live.endIfUnused();
        engine.keeper().forget(live);

        answered.countDown();

        OtherThread.until(() -> !store.withdrawn.isEmpty());
        assertThat(store.withdrawn).containsExactly(live.grant().claim());
        assertThat(engine.keeper().keepsAny()).isFalse();
    }

    @Test
    void aRenewalThatCrossesTheReleaseOfAKeptLockIsCutToWhatIsLeftOfItsLeastTime() throws Exception {
        LeasedGrant live = engine.keep(THIRD);
        EngineByHand.User user = EngineByHand.use(live);
        renewalHangs(ScriptedStore::allHeld);
        live.part(user, HandClock.at(Duration.ofSeconds(11)));
        live.endIfUnused();
        engine.keeper().forget(live);

        answered.countDown();

        OtherThread.until(() -> store.renewed.size() == 2);
        assertThat(store.renewed.get(1).grants()).containsExactly(live.grant());
        assertThat(store.renewed.get(1).lease()).isEqualTo(Duration.ofSeconds(3));
        engine.settle();
        assertThat(store.withdrawn).isEmpty();
    }

    @Test
    void aHoldOfMaxHoldTimeIsLostAndGivenBackInsteadOfRenewed() {
        EngineByHand.User shorter = EngineByHand.use(engine.keep(MAX_HOLD.minusNanos(1)));
        engine.at(MAX_HOLD.minusNanos(1));
        assertThat(store.renewed).hasSize(1);
        engine.clock.moveTo(MAX_HOLD);
        assertThat(shorter.losses).isEmpty();

        LeasedGrant live = engine.keep(MAX_HOLD.multipliedBy(2));
        EngineByHand.User user = EngineByHand.use(live);
        engine.at(MAX_HOLD.multipliedBy(2));

        assertThat(user.losses).containsExactly("it was held for longer than maxHoldTime = PT10S");
        assertThat(store.withdrawn).contains(live.grant().claim());
        assertThat(store.renewed).noneMatch(renewal -> renewal.grants().contains(live.grant()));
    }

    @Test
    void aGrantWhoseThreadHasEndedIsGivenBackInsteadOfRenewed() {
        LeasedGrant live = engine.keep(THIRD);
        EngineByHand.User user = EngineByHand.use(live);
        user.abandoned = true;

        engine.at(THIRD);

        assertThat(user.losses).containsExactly("the thread that locked it has ended without unlocking it");
        assertThat(store.withdrawn).containsExactly(live.grant().claim());
        assertThat(store.renewed).isEmpty();
    }
}
