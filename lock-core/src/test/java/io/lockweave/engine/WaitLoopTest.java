package io.lockweave.engine;

import static io.lockweave.engine.ScriptedStore.busy;
import static io.lockweave.engine.ScriptedStore.busyFor;
import static io.lockweave.engine.ScriptedStore.granted;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockOptions;
import io.lockweave.spi.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the wait loop asks the store, for how long it sleeps in between, and what its last request is. */
@Timeout(30)
class WaitLoopTest {

    private static final LockOptions TEN_SECONDS = LockOptions.defaults().waitTime(Duration.ofSeconds(10));

    private final EngineByHand engine = new EngineByHand();
    private final ScriptedStore store = engine.store;

    @AfterEach
    void close() {
        engine.close();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** For how long it sleeps, from now on. */
    private Duration pause(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Waiting.class);
        return Duration.ofNanos(((Progress.Waiting) progress).until() - engine.clock.nanoTime());
    }

    private List<Claim> claims() {
        return store.asked.stream().map(ScriptedStore.Asked::claim).toList();
    }

    @Test
    void aFreeLockIsGotAtTheFirstTryAndItsLeaseCountsFromBeforeThat() {
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(store.after(Duration.ofSeconds(3)).apply(granted()));

        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);

        LeasedGrant won = Objects.requireNonNull(loop.won());
        assertThat(won.grant().claim()).isEqualTo(claims().get(0));
        assertThat(won.deadline()).isEqualTo(HandClock.at(EngineByHand.LEASE));
        assertThat(won.kept).isTrue();
        assertThat(won.lookAt).isBetween(HandClock.at(Duration.ofSeconds(7)), HandClock.at(Duration.ofSeconds(8)));
        assertThat(loop.asked()).isEqualTo(1);
        assertThat(store.asked.get(0).left()).isEqualTo(TEN_SECONDS.waitTime());
        assertThat(store.watched).isEmpty();
    }

    @Test
    void aBusyLockIsWatchedAndAskedForOnceMoreSinceTheWatchMayHaveMissedItsEnd() {
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(busy(), busy());

        Progress.Waiting waiting = (Progress.Waiting) loop.look();

        assertThat(claims()).extracting(Claim::tryNumber).containsExactly(1, 2);
        assertThat(claims())
                .extracting(Claim::owner)
                .containsOnly(claims().get(0).owner());
        assertThat(claims()).allMatch(Claim::willWait);
        assertThat(store.watched).containsExactly(claims().get(0));
        assertThat(waiting.holder()).isSameAs(ScriptedStore.HOLDER);
        assertThat(waiting.asked()).isEqualTo(2);
    }

    @Test
    void aWatchThatMissedNothingSparesTheSecondTry() {
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.missesNothing = true;
        store.answers(busy(), granted());

        Duration pause = pause(loop.look());
        assertThat(claims()).hasSize(1);
        engine.clock.pass(pause);
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
        assertThat(store.watched).hasSize(1);
        assertThat(store.unwatched).isEqualTo(store.watched);
    }

    @Test
    void withoutPushItPollsInPausesThatGrowToATenthOfASecond() {
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.missesNothing = true;
        double expected = 2;
        for (int poll = 0; poll < 30; poll++) {
            store.answers(busy());
            Duration pause = pause(loop.look());
            assertThat(pause.toNanos() / 1e6).isBetween(0.74 * expected, 1.26 * expected);
            engine.clock.pass(pause);
            expected = Math.min(100, expected * 1.5);
        }
        assertThat(claims()).hasSize(30);
    }

    @Test
    void withPushItSleepsForASecondOrUntilTheHoldersLeaseEndOrTheDeadline() {
        store.pushes = true;
        store.missesNothing = true;
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(millis(2_500)));
        store.answers(busy(), busyFor(millis(300)), busyFor(Duration.ofSeconds(5)), busy());
        for (long expected : new long[] {1_000, 302, 1_000, 198}) {
            Duration pause = pause(loop.look());
            assertThat(pause).isEqualTo(millis(expected));
            engine.clock.pass(pause.minusNanos(1));
            assertThat(pause(loop.look())).isEqualTo(Duration.ofNanos(1));
            engine.clock.pass(Duration.ofNanos(1));
        }
        assertThat(claims()).hasSize(4);
    }

    @Test
    void wakingMakesItAskAtOnceAndOnlyOnce() {
        store.pushes = true;
        store.missesNothing = true;
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(busy(), busy());
        loop.look();
        loop.look();
        assertThat(claims()).hasSize(1);

        loop.wake();
        assertThat(engine.woken).hasValue(1);
        loop.look();
        loop.look();
        assertThat(claims()).hasSize(2);
    }

    @Test
    void wakingWithinATimeShortensTheSleepToThatAndNeverProlongsIt() {
        store.pushes = true;
        store.missesNothing = true;
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(busy(), granted());
        assertThat(pause(loop.look())).isEqualTo(Duration.ofSeconds(1));

        loop.wakeWithin(Duration.ofDays(1_000));
        assertThat(pause(loop.look())).isEqualTo(Duration.ofSeconds(1));
        loop.wakeWithin(millis(40));
        assertThat(engine.woken).hasValue(2);
        Duration pause = pause(loop.look());
        assertThat(pause).isLessThan(millis(40));
        assertThat(pause(loop.look())).as("drawn once").isEqualTo(pause);
        assertThat(claims()).hasSize(1);
        engine.clock.pass(pause);
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
    }

    @Test
    void theLastTryIsMadeAtTheDeadlineAndTheStoreNeedNotQueueIt() {
        store.pushes = true;
        store.missesNothing = true;
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(millis(700)));
        store.answers(busy(), busy());
        engine.clock.pass(pause(loop.look()));

        Progress end = loop.look();

        assertThat(end).isEqualTo(new Progress.Refused(null, ScriptedStore.HOLDER, 2));
        assertThat(claims()).extracting(Claim::willWait).containsExactly(true, false);
        assertThat(claims()).extracting(Claim::tryNumber).containsExactly(1, 2);
        assertThat(claims())
                .extracting(Claim::owner)
                .containsOnly(claims().get(0).owner());
        assertThat(store.asked.get(1).left()).isZero();
        assertThat(store.unwatched).hasSize(1);
        engine.settle();
        assertThat(store.withdrawn).as("nothing is queued").isEmpty();
    }

    @Test
    void whoDoesNotWaitAsksOnceAndIsNotQueued() {
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(Duration.ZERO));
        store.answers(busy());
        assertThat(loop.look()).isEqualTo(new Progress.Refused(null, ScriptedStore.HOLDER, 1));
        assertThat(claims()).extracting(Claim::willWait).containsExactly(false);
        assertThat(store.watched).isEmpty();
    }

    @Test
    void aTryUnderWayAtTheDeadlineIsTheLastAndWhatItQueuedIsTakenBack() {
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(millis(700)));
        store.answers(store.after(millis(700)).apply(busy()));
        assertThat(loop.look()).isEqualTo(new Progress.Refused(null, ScriptedStore.HOLDER, 1));
        assertThat(store.watched).isEmpty();
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void aWatchThatBeginsAfterTheDeadlineIsFollowedByNoRequest() {
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(millis(700)));
        store.onWatch = () -> engine.clock.pass(millis(700));
        store.answers(busy());
        assertThat(loop.look()).isEqualTo(new Progress.Refused(null, ScriptedStore.HOLDER, 1));
        assertThat(store.unwatched).hasSize(1);
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void anAnswerThatTookThreeQuartersOfTheLeaseIsNotEnteredAndTheNextTryIsANewClaim() {
        store.missesNothing = true;
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(Duration.ofMinutes(5)));
        store.answers(busy(), store.after(Duration.ofSeconds(18)).apply(granted()));
        engine.clock.pass(pause(loop.look()));
        store.answers(store.after(Duration.ofSeconds(18).minusNanos(1)).apply(claim -> {
            assertThat(store.unwatched).as("the watch of the claim before").hasSize(1);
            return granted().apply(claim);
        }));

        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);

        Claim late = claims().get(1);
        Claim next = claims().get(2);
        assertThat(Objects.requireNonNull(loop.won()).grant().claim()).isEqualTo(next);
        assertThat(next.owner()).isNotEqualTo(late.owner());
        assertThat(next.tryNumber()).isEqualTo(3);
        engine.settle();
        assertThat(store.withdrawn).containsExactly(late);
    }

    @Test
    void aLateAnswerAtTheDeadlineEndsTheWait() {
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(store.after(Duration.ofSeconds(18)).apply(granted()));
        assertThat(loop.look()).isEqualTo(new Progress.Refused(null, null, 1));
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void afterALateAnswerToATryThatAHintBroughtItAsksAgainAtOnce() {
        store.pushes = true;
        store.missesNothing = true;
        WaitLoop loop = engine.loop(TEN_SECONDS.leaseTime(millis(200)));
        store.answers(busy(), store.after(millis(150)).apply(granted()), granted());
        loop.look();
        loop.wake();
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
    }

    @Test
    void givingUpTakesBackWhatTheStoreHasQueuedAndEndsTheWatch() {
        store.missesNothing = true;
        WaitLoop loop = engine.loop(TEN_SECONDS);
        store.answers(busy());
        loop.look();
        loop.abandon();
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
        assertThat(store.unwatched).hasSize(1);
    }

    @Test
    void givingUpAGrantThatNobodyUsesGivesItBackAndOneInUseIsLeft() {
        for (boolean used : new boolean[] {false, true}) {
            store.withdrawn.clear();
            WaitLoop loop = engine.loop(TEN_SECONDS);
            store.answers(granted());
            loop.look();
            LeasedGrant won = Objects.requireNonNull(loop.won());
            if (used) {
                EngineByHand.use(won);
            }
            loop.abandon();
            engine.settle();
            assertThat(won.hasEnded()).isEqualTo(!used);
            assertThat(won.kept).isEqualTo(used);
            assertThat(store.withdrawn).hasSize(used ? 0 : 1);
        }
    }
}
