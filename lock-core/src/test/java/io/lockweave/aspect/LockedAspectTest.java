package io.lockweave.aspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import io.lockweave.invoke.RecordingLocks;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LockedAspectTest {

    private static final RecordingLocks LOG = new RecordingLocks();

    @AfterEach
    void reset() {
        Lockweave.reset();
        AFakeTransactionAspect.begin = () -> {};
        AFakeTransactionAspect.commit = () -> {};
    }

    @Locked(name = "outside")
    @FakeTransactional
    void transactional() {
        LOG.note("body");
    }

    @Locked(name = "a", key = "#id")
    String outer(int id) {
        return HeldLock.current().orElseThrow().key() + " " + inner(id) + " "
                + HeldLock.current().orElseThrow().key();
    }

    @Locked(name = "b", key = "#id")
    private String inner(int id) {
        return HeldLock.current().orElseThrow().key().toString();
    }

    @Locked(name = "count", key = "#n % 2")
    int countDown(int n) {
        return n == 0 ? 0 : 1 + countDown(n - 2);
    }

    @Locked(name = "later", waitTime = "0")
    CompletableFuture<String> later(CompletableFuture<String> until) {
        return until;
    }

    @Locked(name = "later", waitTime = "0")
    CompletableFuture<String> around(CompletableFuture<String> until) {
        return later(until);
    }

    @Locked(name = "later")
    CompletableFuture<String> patient(CompletableFuture<String> until) {
        return until;
    }

    @Locked(name = "later", waitTime = "0")
    String now() {
        return "entered";
    }

    @Test
    void theLockIsOutsideOfTheTransactionAndTheAdviceRunsOnce() {
        Lockweave.use(LOG);
        AFakeTransactionAspect.begin = () -> LOG.note("begin");
        AFakeTransactionAspect.commit = () -> LOG.note("commit");
        LOG.log().clear();

        transactional();

        assertThat(LOG.log()).containsExactly("acquire outside", "begin", "body", "commit", "release");
    }

    @Test
    void nestedLocksAreCurrentOneAfterTheOther() {
        assertThat(outer(7)).isEqualTo("a[7] b[7] a[7]");
        assertThat(HeldLock.current()).isEmpty();
        assertThat(Lockweave.locks().inspect()).isEmpty();
    }

    @Test
    void aMethodReentersItsOwnLock() {
        assertThat(countDown(8)).isEqualTo(4);
        assertThat(Lockweave.locks().inspect()).isEmpty();
    }

    @Test
    void aFutureHoldsTheLockAgainstOthersUntilItCompletes() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> held = later(first);
        assertThatThrownBy(this::now).isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(later(new CompletableFuture<>())::get)
                .as("two calls of one thread exclude each other")
                .hasCauseInstanceOf(LockUnavailableException.class);

        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> waiting = patient(second);
        assertThat(waiting).isNotDone();
        first.complete("first");
        assertThat(held.get()).isEqualTo("first");
        second.complete("second");
        assertThat(waiting.get()).isEqualTo("second");
        assertThat(now()).isEqualTo("entered");
    }

    @Test
    void aFutureMethodReentersTheLockOfTheFutureMethodThatCallsIt() throws Exception {
        CompletableFuture<String> until = new CompletableFuture<>();
        CompletableFuture<String> result = around(until);
        assertThatThrownBy(this::now).isInstanceOf(LockUnavailableException.class);
        until.complete("done");
        assertThat(result.get()).isEqualTo("done");
        assertThat(now()).isEqualTo("entered");
    }

    @Test
    void cancellingAFutureFreesTheLock() throws Exception {
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> result = later(never);
        CompletableFuture<String> waiting = patient(CompletableFuture.completedFuture("next"));
        result.cancel(true);
        assertThat(never).isCancelled();
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo("next");
    }

    @Test
    void locksThatWereGivenAreUsedAndNotClosed() {
        Locks mine = Locks.local();
        Lockweave.use(mine);
        assertThat(Lockweave.locks()).isSameAs(mine);
        assertThat(Lockweave.locks("local")).isSameAs(mine);
        assertThat(now()).isEqualTo("entered");
        Lockweave.reset();
        assertThat(mine.tryAcquire(io.lockweave.LockKey.of("still open"))).isPresent();
        mine.close();
    }

    @Test
    void configuredLocksAreClosedWhenTheyAreReplaced() {
        Locks configured = Lockweave.locks();
        assertThat(Lockweave.locks()).isSameAs(configured);
        Lockweave.reset();
        assertThatThrownBy(() -> configured.acquire(io.lockweave.LockKey.of("closed")))
                .isInstanceOf(LockUnavailableException.class)
                .hasMessageContaining("closed");
        assertThat(Lockweave.locks()).isNotSameAs(configured);
    }
}
