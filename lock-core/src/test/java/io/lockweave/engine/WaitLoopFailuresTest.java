package io.lockweave.engine;

import static io.lockweave.engine.ScriptedStore.busy;
import static io.lockweave.engine.ScriptedStore.fails;
import static io.lockweave.engine.ScriptedStore.granted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the wait loop does when the store fails. */
@Timeout(30)
class WaitLoopFailuresTest {

    private static final LockBackendException DOWN = LockBackendException.passing("connection refused", null);
    private static final LockBackendException NO_TABLE = LockBackendException.lasting("no table", null);
    private static final LockOptions MINUTE = LockOptions.defaults().waitTime(Duration.ofMinutes(1));

    private final EngineByHand engine = new EngineByHand();
    private final ScriptedStore store = engine.store;

    @AfterEach
    void close() {
        engine.close();
    }

    private Duration pause(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Waiting.class);
        return Duration.ofNanos(((Progress.Waiting) progress).until() - engine.clock.nanoTime());
    }

    private void pausesFor(WaitLoop loop, long millis) {
        Duration pause = pause(loop.look());
        assertThat(pause).isBetween(Duration.ofMillis(millis * 3 / 4), Duration.ofMillis(millis * 5 / 4));
        engine.clock.pass(pause);
    }

    private List<Claim> claims() {
        return store.asked.stream().map(ScriptedStore.Asked::claim).toList();
    }

    /** Why it ended without a grant. */
    private static LockException failure(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Refused.class);
        return Objects.requireNonNull(((Progress.Refused) progress).failure());
    }

    @Test
    void aFailureThatMayPassIsTriedAgainInPausesThatGrowToASecondAndBeginAnewAfterAnAnswer() {
        store.missesNothing = true;
        WaitLoop loop = engine.loop(MINUTE);
        for (long millis : new long[] {20, 40, 80, 160, 320, 640, 1_000, 1_000}) {
            store.answers(fails(DOWN));
            pausesFor(loop, millis);
        }
        assertThat(engine.parts.breaker().outage(engine.clock.nanoTime())).isPresent();
        store.answers(busy());
        engine.clock.pass(pause(loop.look()));
        assertThat(engine.parts.breaker().outage(engine.clock.nanoTime())).isEmpty();
        store.answers(fails(DOWN));
        pausesFor(loop, 20);
        store.answers(granted());
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
        assertThat(claims())
                .extracting(Claim::owner)
                .containsOnly(claims().get(0).owner());
        assertThat(claims()).extracting(Claim::tryNumber).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    @Test
    void aFailureThatLastsEndsItAtOnceAndWhatItMayHaveGotIsTakenBack() {
        WaitLoop loop = engine.loop(MINUTE);
        store.answers(fails(NO_TABLE));
        assertThat(failure(loop.look())).isSameAs(NO_TABLE);
        assertThat(engine.parts.breaker().outage(engine.clock.nanoTime())).isEmpty();
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void afterAFailureAtTheDeadlineThereIsNoFurtherRequest() {
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(Duration.ofMillis(30)));
        store.answers(fails(DOWN), store.after(Duration.ofMillis(30)).apply(fails(DOWN)));
        engine.clock.pass(pause(loop.look()));
        assertThat(failure(loop.look())).isSameAs(DOWN);
        assertThat(claims()).hasSize(2);
        engine.settle();
        assertThat(store.withdrawn).hasSize(1);
    }

    @Test
    void aPauseAfterAFailureEndsAtTheDeadline() {
        WaitLoop loop = engine.loop(LockOptions.defaults().waitTime(Duration.ofMillis(10)));
        store.answers(fails(DOWN), busy());
        Duration pause = pause(loop.look());
        assertThat(pause).isEqualTo(Duration.ofMillis(10));
        engine.clock.pass(pause);
        assertThat(loop.look()).isEqualTo(new Progress.Refused(null, ScriptedStore.HOLDER, 2));
    }

    @Test
    void aMistakeOfTheCallerEndsItAndNothingIsTakenBack() {
        LockException mistake = new LockUsageException("another number of permits", "use the same one");
        WaitLoop loop = engine.loop(MINUTE);
        store.answers(fails(mistake));
        assertThat(failure(loop.look())).isSameAs(mistake);
        engine.settle();
        assertThat(store.withdrawn).isEmpty();
    }

    @Test
    void whatElseTheStoreThrowsReachesTheCallerAndWhatItMayHaveGotIsTakenBack() {
        IllegalStateException bug = new IllegalStateException("a bug of the driver");
        WaitLoop loop = engine.loop(MINUTE);
        store.answers(claim -> {
            throw bug;
        });
        assertThatThrownBy(loop::look).isSameAs(bug);
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void aGrantWithoutFencesIsRefusedAndTakenBack() {
        WaitLoop loop = engine.loop(MINUTE);
        store.answers(claim -> new Attempt.Granted(new Grant(claim, 7, 0)));
        assertThat(failure(loop.look())).hasMessageContaining("granted lock test/thing[1] with no fence");
        assertThat(loop.won()).isNull();
        engine.settle();
        assertThat(store.withdrawn).isEqualTo(claims());
    }

    @Test
    void aWatchThatFailsInPassingIsBegunAgainWithTheNextTry() {
        WaitLoop loop = engine.loop(MINUTE);
        store.onWatch = () -> {
            throw DOWN;
        };
        store.answers(busy(), busy(), busy());
        pausesFor(loop, 20);
        assertThat(claims()).hasSize(1);

        store.onWatch = () -> {};
        loop.look();
        assertThat(store.watched).hasSize(1);
        assertThat(claims()).hasSize(3);
    }

    @Test
    void aWatchBegunWhenAnOldHintCameMayHaveMissedSomethingToo() {
        WaitLoop loop = engine.loop(MINUTE);
        store.onWatch = () -> {
            throw DOWN;
        };
        store.answers(busy(), busy(), granted());
        loop.look();
        store.onWatch = () -> {};
        loop.wake(); // before the pause after the failure is over
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
    }

    @Test
    void aStoreKnownToBeDownIsNotAskedByNewClaimsWhileOlderOnesGoOn() {
        WaitLoop older = engine.loop(MINUTE);
        store.answers(fails(DOWN));
        engine.clock.pass(pause(older.look()));
        engine.clock.pass(Duration.ofSeconds(3));
        store.answers(fails(DOWN));
        engine.clock.pass(pause(older.look()));

        LockException refusal = failure(engine.loop(MINUTE).look());

        assertThat(refusal).hasMessageContaining("is not asked for").hasCause(DOWN);
        assertThat(claims()).hasSize(2);
        store.answers(granted());
        assertThat(older.look()).isSameAs(Progress.Known.THROUGH);
    }

    @Test
    void aRequestThatFailedIsTakenBackOnceMoreWhenItHasSettledUnlessItsGrantIsInUse() {
        store.settling = Duration.ofSeconds(2);
        WaitLoop failed = engine.loop(MINUTE);
        store.answers(fails(NO_TABLE));
        failed.look();
        WaitLoop won = engine.loop(MINUTE);
        store.answers(fails(DOWN), granted());
        engine.clock.pass(pause(won.look()));
        won.look();
        WaitLoop waits = engine.loop(MINUTE);
        store.answers(fails(DOWN));
        waits.look();
        String first = claims().get(0).owner();

        engine.at(Duration.ofMillis(1_999));
        assertThat(store.withdrawn).extracting(Claim::owner).containsExactly(first);
        engine.at(Duration.ofSeconds(3));
        assertThat(store.withdrawn).extracting(Claim::owner).containsExactly(first, first);
    }

    @Test
    void aRequestThatFailedIsTakenBackWhenItHasSettledIfItsLockWasReleasedSince() {
        store.settling = Duration.ofSeconds(2);
        WaitLoop loop = engine.loop(MINUTE);
        store.answers(fails(DOWN), granted());
        engine.clock.pass(pause(loop.look()));
        loop.look();
        LeasedGrant won = Objects.requireNonNull(loop.won());
        won.endIfUnused();
        engine.keeper().forget(won);
        assertThat(store.withdrawn).isEmpty();
        engine.at(Duration.ofSeconds(2));
        assertThat(store.withdrawn)
                .extracting(Claim::owner)
                .isEqualTo(Stream.of(won).map(live -> live.grant().owner()).toList());
    }
}
