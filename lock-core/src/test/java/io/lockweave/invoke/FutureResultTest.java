package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockResultException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FutureResultTest {

    private final RecordingLocks locks = new RecordingLocks();
    private final FuturePoints points = new FuturePoints(locks);
    private final CompletableFuture<String> own = new CompletableFuture<>();

    @BeforeEach
    void useRecordingLocks() {
        points.work = () -> own;
        Lockweave.use(locks);
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
        assertThat(HeldLock.current()).isEmpty();
    }

    @Test
    void theLockIsHeldUntilTheResultCompletes() throws Exception {
        CompletableFuture<String> result = points.future(1);
        assertThat(locks.log()).containsExactly("async later[1]", "body");
        assertThat(result).isNotDone();

        own.complete("done");
        assertThat(result.get()).isEqualTo("done");
        assertThat(locks.log()).containsExactly("async later[1]", "body", "release");
    }

    @Test
    void theLockIsHeldUntilTheResultFailsAndTheFailureIsTheSame() throws Exception {
        CompletionStage<String> result = points.stage();
        IOException failure = new IOException("own");
        own.completeExceptionally(failure);
        assertThatThrownBy(result.toCompletableFuture()::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isSameAs(failure);
        assertThat(locks.log()).containsExactly("async later", "release");
    }

    @Test
    void cancellingTheResultCancelsTheMethodsOwnAndReleases() throws Exception {
        CompletableFuture<String> result = points.future(1);
        result.cancel(true);
        assertThat(own).isCancelled();
        released();
        assertThatThrownBy(result::get).isInstanceOf(CancellationException.class);
    }

    @Test
    void theMethodsOwnIsCancelledBeforeTheLockIsReleased() throws Exception {
        CompletableFuture<String> slow = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> !locks.log()
                        .contains("release"));
                locks.note("own cancelled");
                return super.cancel(mayInterruptIfRunning);
            }
        };
        points.work = () -> slow;
        CompletableFuture<String> result = points.future(1);
        assertThat(result.cancel(true)).isTrue();
        assertThat(result).isCancelled();
        released();
        assertThat(locks.log()).containsExactly("async later[1]", "body", "own cancelled", "release");

        CompletableFuture<String> done = CompletableFuture.completedFuture("done");
        points.work = () -> done;
        CompletableFuture<String> over = points.future(1);
        assertThat(over.get()).isEqualTo("done");
        assertThat(over.cancel(true)).isFalse();
    }

    @Test
    void aResultWhoseWorkCannotBeCancelledIsCancelledAllTheSame() throws Exception {
        points.work = () -> new CompletableFuture<String>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                throw new UnsupportedOperationException("not this one");
            }
        };
        CompletableFuture<String> result = points.future(1);
        assertThatThrownBy(() -> result.cancel(true)).hasMessage("not this one");
        assertThat(result).isCancelled();
        released();
    }

    @Test
    void cancellingTheResultDoesNotFreeTheLockUnderAMethodThatStillRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        points.work = () -> {
            running.countDown();
            cancelled.await();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (!locks.log().contains("release") && System.nanoTime() - end < 0) {
                Thread.onSpinWait(); // must not come
            }
            locks.note("last step");
            return own;
        };
        CompletableFuture<HeldLock> acquiring = locks.makePending();
        CompletableFuture<String> result = points.future(1);
        acquiring.complete(locks.newHold(LockKey.of("later", 1)));
        running.await();
        result.cancel(true);
        cancelled.countDown();
        released();
        assertThat(own).isCancelled();
        assertThat(locks.log()).containsExactly("waiting", "body", "last step", "release");
    }

    @Test
    void aTimeoutOfTheResultAloneDoesNotFreeTheLockOfWorkThatGoesOn() throws Exception {
        CompletableFuture<String> result = points.future(1).orTimeout(1, TimeUnit.MILLISECONDS);
        assertThatThrownBy(result::get).hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        assertThat(locks.log()).containsExactly("async later[1]", "body");
        own.complete("late");
        released();
    }

    @Test
    void aMethodThatThrowsFailsTheResultAndReleases() throws Exception {
        IOException failure = new IOException("own");
        points.work = () -> {
            throw failure;
        };
        CompletableFuture<String> result = points.future(1);
        assertThatThrownBy(result::get).cause().isSameAs(failure);
        assertThat(locks.log()).containsExactly("async later[1]", "body", "release");
    }

    @Test
    void aMethodThatReturnsNullIsAnError() throws Exception {
        points.work = () -> null;
        assertThatThrownBy(points.future(1)::get)
                .hasCauseInstanceOf(LockResultException.class)
                .hasMessageContaining("returned null instead of a CompletionStage");
        released();
    }

    @Test
    void theCallerDoesNotWaitForTheLock() throws Exception {
        CompletableFuture<HeldLock> acquiring = locks.makePending();
        CompletableFuture<String> result = points.future(1);
        assertThat(locks.log()).containsExactly("waiting");

        CompletableFuture<Thread> ranOn = new CompletableFuture<>();
        points.work = () -> {
            ranOn.complete(Thread.currentThread());
            assertThat(HeldLock.current()).isPresent();
            return CompletableFuture.completedFuture("done");
        };
        acquiring.complete(locks.newHold(LockKey.of("later", 1)));
        assertThat(result.get()).isEqualTo("done");
        assertThat(ranOn.get()).isNotSameAs(Thread.currentThread());
        assertThat(locks.log()).containsExactly("waiting", "body", "release");
    }

    @Test
    void cancellingTheResultWhileItWaitsEndsTheWaitAndTheMethodNeverRuns() throws Exception {
        CompletableFuture<HeldLock> acquiring = locks.makePending();
        CompletableFuture<String> result = points.future(1);
        result.cancel(false);
        assertThat(acquiring).isCancelled();
        assertThat(locks.log()).containsExactly("waiting");
    }

    @Test
    void aLockThatArrivesInSpiteOfTheCancellationIsGivenBack() throws Exception {
        CompletableFuture<HeldLock> deaf = locks.makeDeafPending();
        CompletableFuture<String> result = points.future(1);
        result.cancel(false);
        deaf.complete(locks.newHold(LockKey.of("later", 1)));
        released();
        assertThat(locks.log()).containsExactly("waiting", "release");
    }

    @Test
    void unavailableIsAFailureOfTheResultOrNothingOrTheFallback() throws Exception {
        locks.busy();
        assertThatThrownBy(points.future(1)::get).hasCauseInstanceOf(LockUnavailableException.class);
        assertThat(points.skipped().get()).isEmpty();
        assertThat(points.withFallback().toCompletableFuture().get()).isEqualTo("instead of busy");
        assertThat(locks.log()).containsOnly("refused");
    }

    @Test
    void aLostLockFailsTheResult() throws Exception {
        CompletableFuture<String> result = points.future(1);
        LockLostException lost = locks.last().lose();
        assertThat(result).isNotDone();
        own.complete("done");
        assertThatThrownBy(result::get).cause().isSameAs(lost);
    }

    @Test
    void aLostLockCutsTheMethodShortIfItIsToBeInterrupted() throws Exception {
        CompletableFuture<String> result = points.interrupted();
        LockLostException lost = locks.last().lose();
        assertThatThrownBy(result::get).cause().isSameAs(lost);
        assertThat(own).isCancelled();
        released();
    }

    @Test
    void aLostLockMayBeAWarningOnly() throws Exception {
        CompletableFuture<String> result = points.warned();
        locks.last().lose();
        own.complete("done");
        assertThat(result.get()).isEqualTo("done");
    }

    @Test
    void theResultCompletesAlthoughTheReleaseFailed() throws Exception {
        locks.failReleases();
        CompletableFuture<String> result = points.future(1);
        own.complete("done");
        assertThat(result.get()).isEqualTo("done");
    }

    @Test
    void aTransactionOfTheThreadCannotHoldALockForAResultThatComesLater() {
        refused(points::untilTransaction)
                .hasMessageContaining("until = TRANSACTION of io.lockweave.invoke.FuturePoints.untilTransaction()")
                .hasMessageContaining("use RETURN");
    }

    @Test
    void resultsThatWorkOnAfterTheMethodAreRefused() {
        refused(points::plainFuture)
                .hasMessageContaining(
                        "FuturePoints.plainFuture() returns java.util.concurrent.Future, which goes on working")
                .hasMessageContaining("return CompletionStage or CompletableFuture");
        refused(points::ownFuture).hasMessageContaining("OwnFuture");
        refused(points::stream).hasMessageContaining("java.util.stream.Stream");
        refused(points::iterator).hasMessageContaining("java.util.Iterator");
        assertThat(locks.log()).isEmpty();
    }

    @Test
    void resultsThatHideWorkBehindAGeneralTypeAreFound() {
        assertThat(points.anything("text")).isEqualTo("text");
        assertThat(points.iterable(List.of("a"))).containsExactly("a");
        assertThatThrownBy(() -> points.anything(new CompletableFuture<>()))
                .isInstanceOf(LockResultException.class)
                .hasMessageContaining("goes on working");
        assertThatThrownBy(() -> points.iterable(List.of("a")::iterator))
                .isInstanceOf(LockResultException.class)
                .hasMessageContaining("goes on working");
    }

    private void released() {
        Awaitility.await().untilAsserted(() -> assertThat(locks.log()).endsWith("release"));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(LockUsageException.class);
    }
}
