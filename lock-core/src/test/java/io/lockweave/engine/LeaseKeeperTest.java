package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lockweave.LockBackendException;
import io.lockweave.LockEvent;
import io.lockweave.LockOptions;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the keeper renews, and what with what. All leases are of 24 seconds unless a test says otherwise. */
@Timeout(30)
class LeaseKeeperTest {

    private static final Duration LEASE = EngineByHand.LEASE;
    private static final LockBackendException DOWN = LockBackendException.passing("connection refused", null);

    private final EngineByHand engine = new EngineByHand();
    private final ScriptedStore store = engine.store;

    @AfterEach
    void close() {
        engine.close();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** At what times it asked the store, in seconds since the start. */
    private List<Long> askedAt() {
        return store.renewed.stream()
                .map(renewal -> TimeUnit.NANOSECONDS.toSeconds(renewal.at() - HandClock.at(Duration.ZERO)))
                .toList();
    }

    private List<List<Grant>> batches() {
        return store.renewed.stream().map(ScriptedStore.Renewed::grants).toList();
    }

    private static List<Grant> grants(LeasedGrant... lives) {
        return Stream.of(lives).map(LeasedGrant::grant).toList();
    }

    @Test
    void aLeaseIsRenewedAfterAboutAThirdOfIt() {
        ResolvedOptions options = engine.options(LockOptions.defaults());
        long now = engine.clock.nanoTime();
        LeasedGrant live = engine.keep(Duration.ofNanos(RenewalSchedule.next(now, options.leaseNanos()) - now));

        engine.at(seconds(7).minusNanos(1));
        assertThat(store.renewed).isEmpty();
        engine.at(seconds(8));
        assertThat(store.renewed).singleElement().satisfies(renewal -> {
            assertThat(renewal.grants()).containsExactly(live.grant());
            assertThat(renewal.lease()).isEqualTo(LEASE);
        });
    }

    @Test
    void aRenewedLeaseCountsFromWhenTheRequestWasSent() {
        LeasedGrant live = engine.keep(seconds(8));
        store.renews = grants -> {
            engine.clock.pass(seconds(2));
            return ScriptedStore.allHeld(grants);
        };
        engine.at(seconds(8));
        assertThat(live.deadline()).isEqualTo(HandClock.at(seconds(8 + 24)));

        engine.at(seconds(8 + 7).minusNanos(1));
        assertThat(askedAt()).containsExactly(8L);
        engine.at(seconds(8 + 8));
        assertThat(askedAt()).containsExactly(8L, 16L);
    }

    @Test
    void whatIsDueWithinATwelfthOfALeaseGoesAlongInOneRoundTrip() {
        LeasedGrant late = engine.keep(seconds(10).plusNanos(1));
        LeasedGrant soon = engine.keep(seconds(10));
        LeasedGrant due = engine.keep(seconds(8));

        engine.at(seconds(8));
        assertThat(batches()).containsExactly(grants(due, soon));
        engine.at(seconds(10).plusNanos(1));
        assertThat(batches()).containsExactly(grants(due, soon), grants(late));
    }

    @Test
    void nothingGoesAlongBeforeOneIsDue() {
        engine.keep(seconds(8));
        engine.keep(seconds(9));
        engine.at(seconds(8).minusNanos(1));
        assertThat(store.renewed).isEmpty();
    }

    @Test
    void grantsWithDifferentLeasesGoApartEachWithItsOwn() {
        LeasedGrant one = engine.keep(seconds(8));
        LeasedGrant other = engine.keep(seconds(8), LockOptions.defaults().leaseTime(seconds(60)));

        engine.at(seconds(8));

        assertThat(store.renewed)
                .extracting(ScriptedStore.Renewed::lease, ScriptedStore.Renewed::grants)
                .containsExactlyInAnyOrder(tuple(LEASE, grants(one)), tuple(seconds(60), grants(other)));
    }

    @Test
    void atMostFiveHundredGoInOneRoundTrip() {
        List<Grant> all = IntStream.range(0, 1_001)
                .mapToObj(i -> engine.keep(seconds(8)).grant())
                .toList();

        engine.at(seconds(8));

        assertThat(batches()).extracting(List::size).containsExactlyInAnyOrder(500, 500, 1);
        List<Grant> asked = new ArrayList<>();
        batches().forEach(asked::addAll);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void aFailedRenewalIsTriedAgainEachTwelfthOfTheLeaseUntilThatIsOver() {
        LeasedGrant live = engine.keep(seconds(7));
        EngineByHand.User user = EngineByHand.use(live);
        store.renews = grants -> {
            throw DOWN;
        };
        for (int second = 1; second < 24; second++) {
            engine.at(seconds(second));
        }
        engine.at(LEASE.minusNanos(1));
        assertThat(askedAt()).containsExactly(7L, 9L, 11L, 13L, 15L, 17L, 19L, 21L, 23L);
        assertThat(user.losses).isEmpty();

        engine.at(LEASE);
        assertThat(askedAt()).hasSize(9);
        assertThat(user.losses).containsExactly("its lease ended before it could be renewed");
        assertThat(engine.keeper().keepsAny()).isFalse();
        assertThat(store.withdrawn)
                .as("it may have been done")
                .containsExactly(live.grant().claim());
        OtherThread.until(() -> engine.events.size() == 9);
        assertThat(engine.events).extracting(LockEvent::type).containsOnly(LockEvent.Type.RENEWAL_FAILED);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFailureIsReportedWithWhatWasLeftAtThatTimeWhateverIsRenewedMeanwhile() {
        LeasedGrant live = engine.keep(seconds(8));
        CountDownLatch free = new CountDownLatch(1);
        for (int thread = 0; thread < 4; thread++) {
            engine.parts.workers().loss(() -> awaitQuietly(free));
        }

        new RenewalFailures(engine.parts.workers(), engine.parts.events())
                .tell(List.of(live), HandClock.at(Duration.ZERO), DOWN);
        live.prolongedTo(HandClock.at(seconds(60)));
        free.countDown();

        OtherThread.until(() -> !engine.events.isEmpty());
        assertThat(engine.events).extracting(LockEvent::time).containsExactly(LEASE);
    }

    @Test
    void aRenewalThatSucceedsAfterFailuresKeepsTheGrant() {
        LeasedGrant live = engine.keep(seconds(8));
        EngineByHand.User user = EngineByHand.use(live);
        store.renews = grants -> {
            throw DOWN;
        };
        engine.at(seconds(8));
        assertThat(live.deadline()).isEqualTo(HandClock.at(LEASE));
        assertThat(engine.parts.breaker().outage(engine.clock.nanoTime())).isPresent();

        store.renews = ScriptedStore::allHeld;
        engine.at(seconds(10));
        assertThat(engine.parts.breaker().outage(engine.clock.nanoTime())).isEmpty();
        engine.at(LEASE);
        assertThat(user.losses).isEmpty();
    }

    @Test
    void fewerAnswersThanGrantsAreAFailureAndNoLoss() {
        LeasedGrant live = engine.keep(seconds(8));
        EngineByHand.User user = EngineByHand.use(live);
        store.renews = grants -> List.<Renewal>of();
        engine.at(seconds(8));
        store.renews = ScriptedStore::allHeld;
        engine.at(seconds(10));

        assertThat(askedAt()).containsExactly(8L, 10L);
        assertThat(live.deadline()).isEqualTo(HandClock.at(seconds(10 + 24)));
        assertThat(user.losses).isEmpty();
    }

    @Test
    void afterTheEndHasBegunNothingIsRenewed() {
        LeasedGrant live = engine.keep(seconds(8));
        EngineByHand.User user = EngineByHand.use(live);
        engine.keeper().stopRenewing();

        engine.at(seconds(8));
        engine.at(LEASE.minusNanos(1));
        assertThat(user.losses).isEmpty();
        engine.at(LEASE);
        assertThat(user.losses).containsExactly("its lease ended before it could be renewed");
        assertThat(store.renewed).isEmpty();
    }

    @Test
    void aGrantThatIsNotRenewedIsNeverAskedForAndLostAtItsEnd() {
        LeasedGrant live = engine.keep(seconds(8), LockOptions.defaults().renew(false));
        LeasedGrant beside = engine.keep(seconds(8));
        EngineByHand.User user = EngineByHand.use(live);

        engine.at(seconds(8));
        engine.at(LEASE.minusNanos(1));
        assertThat(user.losses).isEmpty();
        engine.at(LEASE);
        assertThat(user.losses).containsExactly("its lease ended before it could be renewed");
        assertThat(batches()).isNotEmpty().allMatch(batch -> batch.equals(grants(beside)));
        assertThat(store.withdrawn).as("the store has ended it").isEmpty();
    }

    @Test
    void aGrantThatIsGivenBackIsRenewedNoMore() {
        LeasedGrant live = engine.keep(seconds(8));
        engine.keep(seconds(12));
        engine.keeper().forget(live);

        engine.at(seconds(12));
        assertThat(askedAt()).containsExactly(12L);
        assertThat(batches().get(0)).doesNotContain(live.grant());
    }
}
