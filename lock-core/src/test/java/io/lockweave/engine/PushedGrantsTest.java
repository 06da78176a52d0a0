package io.lockweave.engine;

import static io.lockweave.engine.ScriptedStore.busy;
import static io.lockweave.engine.ScriptedStore.fails;
import static io.lockweave.engine.ScriptedStore.granted;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockBackendException;
import io.lockweave.LockOptions;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which grants that a store pushes to a waiting claim are entered. */
@Timeout(30)
class PushedGrantsTest {

    private static final Duration PUSHED_LEASE = Duration.ofSeconds(4);
    private static final LockBackendException DOWN = LockBackendException.passing("connection refused", null);
    private static final LockOptions MINUTE = LockOptions.defaults().waitTime(Duration.ofMinutes(1));

    private final EngineByHand engine = new EngineByHand();
    private final ScriptedStore store = engine.store;
    private WaitLoop loop;

    @BeforeEach
    void oneWaits() {
        store.pushes = true;
        store.missesNothing = true;
        loop = waiting(MINUTE);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** One whose first try was busy. */
    private WaitLoop waiting(LockOptions options) {
        WaitLoop waiting = engine.loop(options);
        store.answers(busy());
        assertThat(waiting.look()).isInstanceOf(Progress.Waiting.class);
        return waiting;
    }

    private Claim asked(int number) {
        return store.asked.get(number).claim();
    }

    private static Grant grantTo(Claim claim) {
        return new Grant(claim, 7, 1);
    }

    private void isThroughWith(int number, Duration end) {
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
        LeasedGrant won = Objects.requireNonNull(loop.won());
        assertThat(won.grant().claim()).isEqualTo(asked(number));
        assertThat(won.deadline()).isEqualTo(HandClock.at(end));
    }

    private void waitsOn() {
        assertThat(loop.look()).isInstanceOf(Progress.Waiting.class);
        assertThat(loop.won()).isNull();
    }

    @Test
    void oneThatAnswersTheNewestTryIsEnteredWithItsLeaseCountedFromThatTry() {
        engine.clock.pass(Duration.ofMillis(500));
        loop.granted(grantTo(asked(0)), PUSHED_LEASE);
        assertThat(engine.woken).hasValue(1);

        isThroughWith(0, PUSHED_LEASE);
        assertThat(Objects.requireNonNull(loop.won()).lookAt)
                .as("it is confirmed soon")
                .isEqualTo(HandClock.at(Duration.ofMillis(500 + 200)));
        assertThat(store.asked).hasSize(1);
        assertThat(store.unwatched).hasSize(1);
        engine.settle();
        assertThat(store.withdrawn).isEmpty();
    }

    @Test
    void oneThatAnswersATryBeforeTheLastBusyOneIsOverAndNotEntered() {
        store.answers(busy());
        loop.wake();
        waitsOn();
        loop.granted(grantTo(asked(0)), PUSHED_LEASE);
        waitsOn();
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void oneThatAnswersTheLastBusyTryIsEnteredThoughLaterOnesFailed() {
        store.answers(fails(DOWN));
        engine.clock.pass(Duration.ofSeconds(1));
        waitsOn();
        loop.granted(grantTo(asked(0)), PUSHED_LEASE);
        isThroughWith(0, PUSHED_LEASE);
    }

    @Test
    void oneThatAnswersATryWhoseOwnAnswerWasLostIsEntered() {
        store.answers(fails(DOWN));
        engine.clock.pass(Duration.ofSeconds(1));
        waitsOn();
        loop.granted(grantTo(asked(1)), PUSHED_LEASE);
        isThroughWith(1, PUSHED_LEASE.plusSeconds(1));
    }

    @Test
    void oneThatAnswersAFailedTryBeforeTheNewestIsNotEntered() {
        store.answers(fails(DOWN), fails(DOWN));
        engine.clock.pass(Duration.ofSeconds(1));
        waitsOn();
        loop.wake();
        waitsOn();
        assertThat(store.asked).hasSize(3);
        loop.granted(grantTo(asked(1)), PUSHED_LEASE);
        waitsOn();
    }

    @Test
    void oneToAnotherOwnerTokenIsTakenBackAndWakesNobody() {
        Claim other = engine.grant(engine.options(MINUTE)).claim().inTry(1);
        loop.granted(grantTo(other), PUSHED_LEASE);
        assertThat(engine.woken).hasValue(0);
        waitsOn();
        engine.settle();
        assertThat(store.withdrawn).containsExactly(other);
    }

    @Test
    void oneToATokenGivenUpMeanwhileIsTakenBack() {
        store.answers(
                claim -> {
                    loop.granted(grantTo(claim), PUSHED_LEASE);
                    engine.clock.pass(EngineByHand.LEASE); // so late that the claim is given up for a new one
                    return granted().apply(claim);
                },
                busy());
        loop.wake();
        waitsOn();
        engine.settle();
        assertThat(asked(2).owner()).isNotEqualTo(asked(1).owner());
        assertThat(store.withdrawn).hasSize(2).containsOnly(asked(1));
    }

    @Test
    void oneHeardOfWhenThreeQuartersOfItsLeaseAreOverIsAskedForOnceMore() {
        engine.clock.pass(Duration.ofMillis(750));
        store.answers(granted());
        loop.granted(grantTo(asked(0)), Duration.ofSeconds(1));
        isThroughWith(1, EngineByHand.LEASE.plusMillis(750));
    }

    @Test
    void oneHeardOfJustBeforeThatIsEntered() {
        engine.clock.pass(Duration.ofMillis(750).minusNanos(1));
        loop.granted(grantTo(asked(0)), Duration.ofSeconds(1));
        isThroughWith(0, Duration.ofSeconds(1));
    }

    @Test
    void aShorterLeaseThatNothingWouldProlongIsAskedForOnceMore() {
        loop = waiting(MINUTE.renew(false));
        store.answers(granted());
        loop.granted(grantTo(asked(1)), PUSHED_LEASE);
        isThroughWith(2, EngineByHand.LEASE);
    }

    @Test
    void aFullLeaseThatIsNotProlongedIsEntered() {
        loop = waiting(MINUTE.renew(false));
        loop.granted(grantTo(asked(1)), EngineByHand.LEASE);
        isThroughWith(1, EngineByHand.LEASE);
    }

    @Test
    void oneThatComesAfterTheWaiterGaveUpIsTakenBack() {
        loop.abandon();
        engine.settle();
        assertThat(store.withdrawn).hasSize(1);
        loop.granted(grantTo(asked(0)), PUSHED_LEASE);
        engine.settle();
        assertThat(store.withdrawn).containsExactly(asked(0), asked(0));
        assertThat(engine.woken).hasValue(0);
    }

    @Test
    void oneThatComesWhileTheLastTryIsAnsweredBusyIsTakenBack() {
        store.answers(claim -> {
            loop.granted(grantTo(asked(0)), PUSHED_LEASE);
            return busy().apply(claim);
        });
        engine.clock.pass(MINUTE.waitTime());
        assertThat(loop.look()).isInstanceOf(Progress.Refused.class);
        engine.settle();
        assertThat(store.withdrawn).containsExactly(asked(0));
    }

    @Test
    void oneThatComesWhileATryIsGrantedIsTheSameGrantAndStays() {
        store.answers(claim -> {
            loop.granted(grantTo(claim), PUSHED_LEASE);
            return granted().apply(claim);
        });
        loop.wake();
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
        engine.settle();
        assertThat(store.withdrawn).isEmpty();
    }

    @Test
    void oneThatComesAfterTheGrantWasAskedForIsTheSameGrantAndStays() {
        store.answers(granted());
        loop.wake();
        assertThat(loop.look()).isSameAs(Progress.Known.THROUGH);
        loop.granted(grantTo(asked(1)), PUSHED_LEASE);
        engine.settle();
        assertThat(store.withdrawn).isEmpty();
    }
}
