package io.lockweave.invoke;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that wait for the end of a call that waits for them. The methods' own wait time is 10 s, which nobody spends.
 */
@Timeout(60)
class JoinedCallsTest {

    private static final LockKey USER = LockKey.of("user", 1);

    private final Locks locks = Locks.local();
    private final Branches calls = new Branches();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void use() {
        Lockweave.use(locks);
    }

    @AfterEach
    void nothingIsRetained() {
        Awaitility.await().untilAsserted(() -> assertThat(locks.inspect()).isEmpty());
        Lockweave.reset();
        locks.close();
        threads.shutdownNow();
    }

    private static Supplier<CompletableFuture<String>> done() {
        return () -> CompletableFuture.completedFuture("done");
    }

    private static void untilItWaits(Thread thread) {
        Awaitility.await()
                .until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    @Test
    void joiningACallThatWaitsForTheLockOfTheJoiningThreadIsADeadlockAtOnce() throws Exception {
        CompletableFuture<String> after = calls.blocking(1, () -> {
                    CompletableFuture<String> inner = calls.add(1, done());
                    CompletableFuture<Integer> made = inner.thenApply(String::length);
                    for (Callable<?> wait : List.<Callable<?>>of(
                            inner::join, inner::get, () -> inner.get(5, SECONDS), made::join, made::get)) {
                        assertThatThrownBy(wait::call)
                                .isInstanceOf(LockDeadlockException.class)
                                .hasMessageContaining("main waits for the end of scope")
                                .hasMessageContaining("wants lockweave/user[1]")
                                .hasMessageContaining("main has lockweave/user[1]");
                    }
                    return List.of(inner);
                })
                .get(0);
        assertThat(after.get(10, SECONDS)).isEqualTo("done");
        assertThat(calls.blocking(1, () -> after.join() + after.get())).isEqualTo("donedone");
    }

    @Test
    void joiningATaskOfTheSameKeyIsADeadlockAtOnce() throws Exception {
        CompletableFuture<String> task = calls.blocking(1, () -> {
                    CompletableFuture<String> submitted =
                            locks.submit(List.of(USER), LockOptions.defaults(), () -> "done");
                    assertThatThrownBy(submitted::join).isInstanceOf(LockDeadlockException.class);
                    return List.of(submitted);
                })
                .get(0);
        assertThat(task.get(10, SECONDS)).isEqualTo("done");
    }

    @Test
    void aCallInsideAJoinedOneThatWantsTheLockOfTheJoiningThreadIsRefused() throws Exception {
        Thread joining = Thread.currentThread();
        CompletableFuture<String> outer = calls.blocking(1, () -> {
                    CompletableFuture<String> inner = calls.batch(1, () -> {
                        LockScope flow = LockScope.current();
                        CompletableFuture<String> later = new CompletableFuture<>();
                        threads.submit(() -> {
                            untilItWaits(joining);
                            flow.run(() -> calls.add(1, done()).whenComplete((value, failure) -> {
                                later.completeExceptionally(failure);
                            }));
                        });
                        return later;
                    });
                    assertThatThrownBy(inner::join)
                            .isInstanceOf(CompletionException.class)
                            .cause()
                            .isInstanceOf(LockDeadlockException.class)
                            .hasMessageContaining("main waits for the end of scope");
                    return List.of(inner);
                })
                .get(0);
        assertThat(outer).isCompletedExceptionally();
    }

    @Test
    void aCycleOfAJoinAndAWaitIsFoundFromTheOtherSideToo() throws Exception {
        CompletableFuture<String> start = new CompletableFuture<>();
        CompletableFuture<Thread> joins = new CompletableFuture<>();
        Future<String> one = threads.submit(() -> calls.blocking(1, () -> {
            start.get();
            CompletableFuture<String> inner = calls.add(2, done());
            joins.complete(Thread.currentThread());
            return inner.join();
        }));
        assertThatThrownBy(() -> calls.blocking(2, () -> {
                    start.complete("start");
                    untilItWaits(joins.get());
                    return calls.blocking(1, () -> "never");
                }))
                .isInstanceOf(LockDeadlockException.class)
                .hasMessageContaining("waits for the end of scope");
        assertThat(one.get(10, SECONDS)).isEqualTo("done");
    }

    @Test
    void aBlockingCallThatWaitsForItsOwnThreadIsADeadlockAtOnce() throws Exception {
        CompletableFuture<String> inner = calls.blocking(
                        1,
                        () -> List.of(calls.batch(1, () -> {
                            assertThatThrownBy(() -> calls.blocking(1, () -> "never"))
                                    .isInstanceOf(LockDeadlockException.class)
                                    .hasMessageContaining("main has or stands before others at lockweave/user[1]");
                            return CompletableFuture.completedFuture("done");
                        })))
                .get(0);
        assertThat(inner.get(10, SECONDS)).isEqualTo("done");
    }

    @Test
    void joiningACallThatWaitsForSomebodyElseWaits() throws Exception {
        CompletableFuture<String> elsewhere = new CompletableFuture<>();
        CompletableFuture<String> holder = calls.add(1, () -> elsewhere);
        Thread joining = Thread.currentThread();
        threads.submit(() -> {
            untilItWaits(joining);
            elsewhere.complete("elsewhere");
        });
        String value = calls.blocking(2, () -> calls.add(1, done()).join());
        assertThat(value).isEqualTo("done");
        assertThat(holder.get(10, SECONDS)).isEqualTo("elsewhere");
    }
}
