package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.testkit.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What ShedLock's tests expect of a lock for jobs, of two nodes on one store. Its {@code lockAtMostFor} is a lease that
 * is not renewed, its {@code lockAtLeastFor} is {@code holdAtLeast}, its {@code extend} is our renewal. It never waits.
 *
 * <p>The methods that begin with {@code differs_} pin what is different on purpose:
 *
 * <ul>
 *   <li>giving back twice does nothing the second time, where ShedLock throws
 *   <li>nobody extends by hand: what is renewed outlives its lease, and what is not ends with it
 *   <li>a job inside a job of the same owner enters again, also where it asks with other times
 *   <li>whose lock ended in the middle of the work is told so
 * </ul>
 */
@Timeout(60)
abstract class JobLockContract {

    private static final LockOptions ONCE = LockOptions.defaults().waitTime(Duration.ZERO);
    private static final Duration BRIEFLY = Duration.ofMillis(250);

    private final LockKey job = LockKey.of("job", UUID.randomUUID());

    /** The locks of one node. */
    abstract Locks here();

    /** Those of another node. */
    abstract Locks there();

    @AfterEach
    final void close() {
        here().close();
        there().close();
    }

    private static LockOptions atMost(Duration time) {
        return ONCE.leaseTime(time).renew(false);
    }

    private HeldLock takenHere(LockOptions options) {
        return here().tryAcquire(job, options).orElseThrow();
    }

    private void assertBusyThere() {
        assertThat(there().tryAcquire(job)).isEmpty();
    }

    private void untilFreeThere() {
        await().pollInterval(Duration.ofMillis(5)).until(() -> there().tryAcquire(job)
                .map(held -> {
                    held.close();
                    return held;
                })
                .isPresent());
    }

    @Test
    void aJobThatRunsDoesNotRunElsewhereUntilItIsDone() {
        for (int i = 0; i < 2; i++) {
            HeldLock held = takenHere(ONCE);
            assertBusyThere();
            assertThat(Someone.does(() -> here().tryAcquire(job))).isEmpty();
            held.close();
            untilFreeThere();
        }
    }

    @Test
    void jobsOfDifferentNamesRunAtOnce() {
        HeldLock one = takenHere(ONCE);
        HeldLock two = there().tryAcquire(LockKey.of("job", job.value() + "2")).orElseThrow();
        assertThat(one.isHeld()).isTrue();
        assertThat(two.isHeld()).isTrue();
        two.close();
        assertBusyThere();
    }

    @Test
    void aJobThatNeverEndsIsFreeAfterItsLongestTime() {
        HeldLock held = takenHere(atMost(BRIEFLY));
        untilFreeThere();
        await().until(held::isLost);
        assertThat(held.isHeld()).isFalse();
    }

    @Test
    void theLongestTimeIsAskedForAnewEachTime() {
        takenHere(atMost(BRIEFLY));
        untilFreeThere();
        takenHere(atMost(Duration.ofMinutes(5))).close();
        HeldLock held = takenHere(atMost(Duration.ofMinutes(5)));
        assertThat(held.remaining()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertBusyThere();
    }

    @Test
    void aJobThatEndsLateFreesNobodyElsesLock() {
        HeldLock late = takenHere(atMost(BRIEFLY));
        await().until(late::isLost);
        HeldLock next = there().acquire(job, LockOptions.defaults().leaseTime(Duration.ofMinutes(5)));
        late.close();
        assertThat(Someone.does(() -> there().tryAcquire(job))).isEmpty();
        assertThat(here().tryAcquire(job)).isEmpty();
        assertThat(next.isHeld()).isTrue();
        assertThat(next.fence()).isGreaterThan(late.fence());
    }

    @Test
    void aShortJobKeepsItsLockForTheLeastTime() {
        takenHere(ONCE.holdAtLeast(Duration.ofMinutes(5))).close();
        assertBusyThere();
        assertThat(here().tryAcquire(job))
                .as("the same thread of the same node")
                .isEmpty();
        assertThat(here().isLocked(job)).isTrue();
    }

    @Test
    void theLeastTimeEndsByItself() {
        takenHere(ONCE.holdAtLeast(BRIEFLY)).close();
        untilFreeThere();
    }

    @Test
    void theLeastTimeEndsThoughTheNodeIsGone() {
        takenHere(ONCE.holdAtLeast(BRIEFLY)).close();
        here().close();
        untilFreeThere();
    }

    @Test
    void aJobLongerThanTheLeastTimeIsFreeAtItsEnd() {
        HeldLock held = takenHere(ONCE.leaseTime(Duration.ofMinutes(5)).holdAtLeast(Duration.ofNanos(1)));
        assertBusyThere();
        held.close();
        untilFreeThere();
    }

    @Test
    void theLeastTimeIsNotShortenedByAFailureOfTheJob() {
        IOException own = new IOException("the job's own");
        assertThatThrownBy(() -> here().call(job, ONCE.holdAtLeast(Duration.ofMinutes(5)), () -> {
                    throw own;
                }))
                .isSameAs(own);
        assertBusyThere();
    }

    @Test
    void aLeastTimeLongerThanTheLongestIsAMistake() {
        LockOptions contradiction = atMost(Duration.ofMinutes(1)).holdAtLeast(Duration.ofMinutes(2));
        assertThatThrownBy(() -> here().check(contradiction))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("holdAtLeast = PT2M")
                .hasMessageContaining("leaseTime = PT1M");
        assertThatThrownBy(() -> here().tryAcquire(job, contradiction)).isInstanceOf(LockUsageException.class);
        untilFreeThere();
        takenHere(atMost(Duration.ofMinutes(1)).holdAtLeast(Duration.ofMinutes(1)))
                .close();
        assertBusyThere();
    }

    @Test
    void timesThatAreNoneAreMistakes() {
        assertThatThrownBy(() -> atMost(Duration.ZERO)).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> atMost(Duration.ofMillis(-1))).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> ONCE.holdAtLeast(Duration.ofMillis(-1))).isInstanceOf(LockUsageException.class);
    }

    @Test
    void workThatCannotHaveTheLockDoesNotRunAndSaysSo() throws Exception {
        HeldLock held = takenHere(ONCE);
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> there().run(job, ONCE, runs::incrementAndGet))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(runs).hasValue(0);
        held.close();
        assertThat(there().call(job, runs::incrementAndGet)).isEqualTo(1);
    }

    @Test
    void codeOfAJobCanInsistOnItsLock() {
        assertThatThrownBy(() -> HeldLock.require(job)).isInstanceOf(LockUsageException.class);
        here().run(job, () -> assertThat(HeldLock.require(job).isHeld()).isTrue());
        assertThatThrownBy(() -> HeldLock.require(job)).isInstanceOf(LockUsageException.class);
    }

    /** Several nodes and names, work of random length, no waiting: a plain counter for each name must not lose any. */
    @Test
    void fuzz_countersUnderLocksOfSeveralNamesLoseNothing() {
        List<Locks> nodes = List.of(here(), there());
        int[] counters = new int[3];
        int[] done = Together.run(6, i -> {
                    int[] mine = new int[counters.length];
                    for (int n = 0; n < 40; n++) {
                        int name = (i + n) % counters.length;
                        LockKey key = LockKey.of("job", job.value() + name);
                        nodes.get(i % 2)
                                .tryAcquire(key, n % 2 == 0 ? ONCE : LockOptions.defaults())
                                .ifPresent(held -> {
                                    int before = counters[name];
                                    for (int spin = (i * 31 + name * 17) % 50; spin > 0; spin--) {
                                        Thread.onSpinWait();
                                    }
                                    counters[name] = before + 1;
                                    mine[name]++;
                                    held.close();
                                });
                    }
                    return mine;
                })
                .stream()
                .reduce(new int[counters.length], (sum, each) -> {
                    for (int name = 0; name < sum.length; name++) {
                        sum[name] += each[name];
                    }
                    return sum;
                });
        assertThat(counters).isEqualTo(done);
        assertThat(counters[0]).isGreaterThanOrEqualTo(40);
    }

    @Test
    void differs_givingBackTwiceDoesNothingMore() {
        HeldLock held = takenHere(ONCE);
        held.close();
        HeldLock next = there().acquire(job);
        held.close();
        assertThat(next.isHeld()).isTrue();
        assertThat(here().tryAcquire(job)).isEmpty();
        next.ensureHeld();
    }

    @Test
    void differs_whatIsRenewedOutlivesItsLease() {
        HeldLock held = takenHere(ONCE.leaseTime(BRIEFLY));
        HeldLock other = here().tryAcquire(LockKey.of("job", job.value() + "2"), atMost(BRIEFLY))
                .orElseThrow();
        await().until(other::isLost);
        assertBusyThere();
        held.ensureHeld();
        held.close();
        untilFreeThere();
    }

    @Test
    void differs_aJobInsideAJobEntersAgain() {
        HeldLock outer = takenHere(atMost(Duration.ofMinutes(5)));
        HeldLock inner = takenHere(atMost(Duration.ofMinutes(10)));
        assertThat(inner.fence()).isEqualTo(outer.fence());
        assertThat(inner.remaining()).isLessThanOrEqualTo(Duration.ofMinutes(5));
        inner.close();
        assertBusyThere();
        outer.close();
        untilFreeThere();
    }

    @Test
    void differs_aJobWhoseLockEndedIsToldSo() {
        AtomicInteger told = new AtomicInteger();
        HeldLock held = takenHere(atMost(BRIEFLY));
        held.onLost(lost -> told.incrementAndGet());
        await().until(() -> told.get() == 1);
        assertThatThrownBy(held::ensureHeld).isInstanceOf(LockLostException.class);
    }
}
