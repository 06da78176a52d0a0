package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.config.NameSettings;
import io.lockweave.config.Placeholders;
import io.lockweave.spi.TransactionBoundary;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LockedInvokerTest {

    private final RecordingLocks locks = new RecordingLocks();
    private final RecordingLocks others = new RecordingLocks("other");
    private final Points points = new Points(locks);

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks, others);
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(HeldLock.current()).isEmpty();
    }

    @Test
    void theResultOfTheMethodComesThrough() throws Exception {
        points.work = () -> "result";
        assertThat(points.wholeName()).isEqualTo("result");
    }

    @Test
    void theHoldIsCurrentWhileTheMethodRuns() throws Exception {
        points.work = () -> HeldLock.current().orElseThrow().key();
        assertThat(points.wholeName()).isEqualTo(LockKey.of("report"));
    }

    @Test
    void allOptionsOfTheAnnotationReachTheLock() throws Exception {
        points.options();
        assertThat(locks.options().mode()).isEqualTo(LockMode.SHARED);
        assertThat(locks.options().fair()).isTrue();
        assertThat(locks.options().waitTime()).hasMillis(250);
        assertThat(locks.options().leaseTime()).hasMinutes(1);
        assertThat(locks.options().renew()).isFalse();
        assertThat(locks.options().holdAtLeast()).hasSeconds(2);

        points.permits();
        assertThat(locks.options().mode()).isEqualTo(LockMode.PERMIT);
        assertThat(locks.options().permits()).isEqualTo(3);
        assertThat(locks.options().waitTime()).isNull();
        assertThat(locks.options().renew()).isTrue();
    }

    @Test
    void anAnnotationMayChooseAnotherBackend() throws Exception {
        points.otherBackend();
        assertThat(others.log()).containsExactly("acquire other", "release");
        assertThat(locks.log()).containsExactly("body");

        Lockweave.use(locks);
        assertThatThrownBy(points::otherBackend)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("There are no locks of the backend \"other\"")
                .hasMessageContaining("recording");
    }

    @Test
    void theConfigurationOfANameOverridesTheAnnotation() throws Exception {
        Lockweave.use(configured(
                "lockweave.locks.all.wait-time", "9s",
                "lockweave.locks.all.renew", "true",
                "lockweave.locks.all.fair", "false",
                "lockweave.locks.report.enabled", "false",
                "lockweave.locks.x.on-unavailable", "skip",
                "lockweave.locks.io.lockweave.invoke.Points.lease-time", "8s"));

        points.options();
        assertThat(locks.options().waitTime()).hasSeconds(9);
        assertThat(locks.options().renew()).isTrue();
        assertThat(locks.options().fair()).isFalse();
        assertThat(locks.options().leaseTime()).hasMinutes(1);
        points.wholeClass();
        assertThat(locks.options().leaseTime()).hasSeconds(8);
        locks.log().clear();
        points.wholeName();
        assertThat(locks.log()).containsExactly("body");
        locks.busy();
        assertThat(points.untilReturn()).isNull();
    }

    @Test
    void aFallbackIsLeftOutIfSomethingElseIsConfigured() throws Exception {
        Lockweave.use(configured("lockweave.locks.x.on-unavailable", "throw"));
        locks.busy();
        assertThatThrownBy(() -> points.withFallback(1)).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void unavailableThrowsByDefault() {
        locks.busy();
        assertThatThrownBy(points::wholeName).isInstanceOf(LockUnavailableException.class);
        assertThat(locks.log()).containsExactly("refused");
    }

    @Test
    void skipReturnsNothing() throws Exception {
        locks.busy();
        points.work = () -> "ran";
        assertThat(points.skipped()).isNull();
        points.skippedVoid();
        assertThat(points.skippedOptional()).isEmpty();
        assertThat(locks.log()).containsOnly("refused");
    }

    @Test
    void skipIsForBusyLocksAndNotForInterruptsShutdownsOrFailures() {
        LockKey key = LockKey.of("x");
        locks.refuseWith(
                LockUnavailableException.interrupted(key, Duration.ZERO, null, new InterruptedException("stop")));
        assertThatThrownBy(points::skipped).hasMessageContaining("Interrupted");
        locks.refuseWith(LockUnavailableException.closed(key, Duration.ZERO));
        assertThatThrownBy(points::skipped).hasMessageContaining("closed");
        locks.refuseWith(LockBackendException.passing("away", null));
        assertThatThrownBy(points::skipped).isInstanceOf(LockBackendException.class);
    }

    @Test
    void theFallbackRunsInsteadWithTheSameArguments() throws Exception {
        locks.busy();
        assertThat(points.withFallback(5)).isEqualTo("5busy");
        assertThat(Points.withStaticFallback("it")).isEqualTo("instead of it");
        assertThatThrownBy(() -> points.withFallback(-1))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("from the fallback");
        assertThat(locks.log()).containsExactly("refused", "fallback", "refused", "refused", "fallback");
    }

    @Test
    void anExceptionOfTheMethodIsNeverTakenForOneOfItsLock() {
        LockUnavailableException nested = LockUnavailableException.busy(LockKey.of("inner"), Duration.ZERO, null);
        points.work = () -> {
            throw nested;
        };
        assertThatThrownBy(points::skipped).isSameAs(nested);
        assertThatThrownBy(() -> points.withFallback(1)).isSameAs(nested);
        assertThat(locks.log()).containsExactly("acquire x", "body", "release", "acquire x", "body", "release");
    }

    @Test
    void rule9TheExceptionOfTheMethodWinsOverAFailureToRelease() {
        IOException own = new IOException("own");
        points.work = () -> {
            throw own;
        };
        locks.failReleases();
        assertThatThrownBy(points::wholeName).isSameAs(own);
        assertThat(own.getSuppressed()).hasSize(1).allMatch(LockBackendException.class::isInstance);
    }

    @Test
    void theResultOfTheMethodCountsEvenIfTheReleaseFails() throws Exception {
        points.work = () -> "done";
        locks.failReleases();
        assertThat(points.wholeName()).isEqualTo("done");
    }

    @Test
    void aLostLockIsAnExceptionAfterTheMethodUnlessItThrewItself() {
        points.work = () -> locks.last().lose();
        assertThatThrownBy(points::wholeName).isInstanceOf(LockLostException.class);

        IOException own = new IOException("own");
        points.work = () -> {
            locks.last().lose();
            throw own;
        };
        assertThatThrownBy(points::wholeName).isSameAs(own);
        assertThat(own.getSuppressed()).hasSize(1).allMatch(LockLostException.class::isInstance);
    }

    @Test
    void aLostLockMayInterruptTheMethodAtOnceAndTheInterruptDoesNotOutliveIt() throws Exception {
        points.work = () -> {
            locks.last().lose();
            return Thread.currentThread().isInterrupted();
        };
        assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        points.work = () -> "fine";
        points.interrupted();
        locks.last().lose();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aMethodThatBlocksIsWokenWhenItsLockIsLostAndItsOwnExceptionWins() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        points.work = () -> {
            blocked.countDown();
            never.await();
            return null;
        };
        Thread loser = new Thread(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            locks.last().lose();
        });
        loser.start();
        assertThatThrownBy(points::interrupted)
                .isExactlyInstanceOf(InterruptedException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .hasOnlyElementsOfType(LockLostException.class)
                        .hasSize(1));
        loser.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void theEndOfTheMethodAndTheLossOfItsLockMayMeetAtAnyMoment() throws Exception {
        Exchanger<RecordingLocks.Hold> meeting = new Exchanger<>();
        int rounds = 5_000;
        points.work = () -> meeting.exchange(locks.last());
        Thread loser = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                try {
                    meeting.exchange(null).lose();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        loser.start();
        for (int i = 0; i < rounds; i++) {
            try {
                points.interrupted();
            } catch (LockLostException e) {
                // lost before the end
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        loser.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptThatWasThereBeforeStays() {
        points.work = () -> {
            Thread.currentThread().interrupt();
            return locks.last().lose();
        };
        assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLostLockMayBeAWarningOnly() throws Exception {
        points.work = () -> {
            locks.last().lose();
            return "done";
        };
        assertThat(points.warned()).isEqualTo("done");
    }

    @Test
    void theLockOfATransactionIsReleasedAfterItAndNotWhenTheMethodReturns() throws Exception {
        Transaction transaction = new Transaction();
        Lockweave.use(environment(Optional.of(transaction)));

        points.untilTransaction();
        assertThat(locks.log()).containsExactly("acquire x", "body");
        transaction.complete();
        assertThat(locks.log()).containsExactly("acquire x", "body", "release");

        locks.log().clear();
        points.wholeName();
        assertThat(locks.log()).containsExactly("acquire report", "body");

        locks.log().clear();
        points.untilReturn();
        assertThat(locks.log()).containsExactly("acquire x", "body", "release");
    }

    @Test
    void aTransactionWhoseLockWasLostMayNotCommit() throws Exception {
        Transaction transaction = new Transaction();
        Lockweave.use(environment(Optional.of(transaction)));

        points.untilTransaction();
        LockLostException lost = locks.last().lose();
        assertThatThrownBy(transaction::commit).isSameAs(lost);

        points.work = () -> locks.last().lose();
        assertThatThrownBy(points::untilTransaction).isInstanceOf(LockLostException.class);
    }

    @Test
    void withoutATransactionUntilTransactionIsAnErrorAndAutoEndsWithTheMethod() throws Exception {
        Lockweave.use(environment(Optional.empty()));
        assertThatThrownBy(points::untilTransaction)
                .hasMessage(
                        "until = TRANSACTION of io.lockweave.invoke.Points.untilTransaction(), but no transaction is"
                                + " active. To mend it: call it inside a transaction, or use until = AUTO.");
        points.wholeName();
        assertThat(locks.log()).containsExactly("acquire report", "body", "release");

        Lockweave.use(locks);
        assertThatThrownBy(points::untilTransaction)
                .hasMessageContaining("nothing here knows of transactions")
                .hasMessageContaining("add lock-spring");
    }

    @Test
    void aTransactionThatTakesNoCallbackLeavesNoLockBehind() {
        Transaction transaction = new Transaction();
        transaction.refuse = true;
        Lockweave.use(environment(Optional.of(transaction)));
        assertThatThrownBy(points::untilTransaction).isInstanceOf(IllegalStateException.class);
        assertThat(locks.log()).containsExactly("acquire x", "release");
    }

    private LockEnvironment configured(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ConfiguredEnvironment(LockweaveConfig.of(properties), backend -> locks);
    }

    private LockEnvironment environment(Optional<TransactionBoundary.ActiveTransaction> transaction) {
        return new LockEnvironment() {
            @Override
            public RecordingLocks locks(String backend) {
                return locks;
            }

            @Override
            public NameSettings settings(String name) {
                return NameSettings.NONE;
            }

            @Override
            public Placeholders placeholders() {
                return (place, text) -> text;
            }

            @Override
            public TransactionBoundary transactions() {
                return () -> transaction;
            }
        };
    }

    private static final class Transaction implements TransactionBoundary.ActiveTransaction {

        private final List<Runnable> checks = new ArrayList<>();
        private final List<Runnable> actions = new ArrayList<>();
        private boolean refuse;

        @Override
        public void beforeCommit(Runnable check) {
            checks.add(check);
        }

        @Override
        public void afterCompletion(Runnable action) {
            if (refuse) {
                throw new IllegalStateException("no callbacks");
            }
            actions.add(action);
        }

        void commit() {
            checks.forEach(Runnable::run);
        }

        void complete() {
            actions.forEach(Runnable::run);
            actions.clear();
        }
    }
}
