package io.lockweave.invoke;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 6: who is inside a call enters its locks again; who runs beside it does not. */
@Timeout(60)
class BranchesTest {

    private static final LockKey USER = LockKey.of("user", 1);

    private final Locks locks = Locks.local();
    private final Branches calls = new Branches();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger bodies = new AtomicInteger();

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

    /** A body that counts itself and ends with this future. */
    private <T> Supplier<CompletableFuture<T>> until(CompletableFuture<T> end) {
        return () -> {
            bodies.incrementAndGet();
            return end;
        };
    }

    private void untilBodies(int count) {
        Awaitility.await().until(() -> bodies.get() == count);
    }

    private void untilSomebodyWaitsFor(LockKey key) {
        Awaitility.await().until(() -> !locks.inspect(key).waiters().isEmpty());
    }

    @Test
    void rule06_futuresStartedSideBySideUnderAnOuterLockExcludeEachOther() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> second = new CompletableFuture<>();
        CompletableFuture<String> outer = calls.batch(1, () -> {
            CompletableFuture<String> one = calls.add(1, until(first));
            CompletableFuture<String> two = calls.addAll(new int[] {2, 1}, until(second));
            return one.thenCombine(two, String::concat);
        });
        assertThat(bodies).hasValue(1);
        assertThat(locks.inspect(USER).waiters()).hasSize(1);
        first.complete("one ");
        untilBodies(2);
        second.complete("two");
        assertThat(outer.get(10, SECONDS)).isEqualTo("one two");
    }

    @Test
    void rule06_aCallInsideACallEntersItsLocksAgainHoweverDeep() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<String> outer = calls.add(
                1,
                () -> calls.batch(
                        1,
                        () -> calls.addAll(new int[] {1, 2}, () -> {
                            try {
                                calls.blocking(1, () -> calls.blocking(2, () -> locks.call(USER, () -> "inside")));
                                return calls.add(2, () -> calls.add(1, until(end)));
                            } catch (Exception e) {
                                return CompletableFuture.failedFuture(e);
                            }
                        })));
        assertThat(bodies).hasValue(1);
        end.complete("end");
        assertThat(outer.get(10, SECONDS)).isEqualTo("end");
    }

    @Test
    void rule06_anInnerCallThatIsNotWaitedForKeepsTheLockFromOthersUntilItEnds() throws Exception {
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<String> outer = calls.add(1, () -> {
            calls.add(1, until(inner));
            return CompletableFuture.completedFuture("outer");
        });
        assertThat(outer.get(10, SECONDS)).isEqualTo("outer");
        CompletableFuture<String> next = calls.add(1, until(CompletableFuture.completedFuture("next")));
        assertThat(bodies).hasValue(1);
        inner.complete("inner");
        assertThat(next.get(10, SECONDS)).isEqualTo("next");
    }

    @Test
    void rule06_blockingCallsOnTwoThreadsOfOneFlowExcludeEachOther() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<Void> outer = calls.batch(1, () -> {
            LockScope flow = LockScope.current();
            CompletableFuture<Void> both = new CompletableFuture<>();
            Future<String> one = threads.submit(() -> flow.call(() -> calls.blocking(1, () -> {
                bodies.incrementAndGet();
                return end.get();
            })));
            untilBodies(1);
            Future<String> two = threads.submit(() -> flow.call(() -> locks.call(USER, () -> {
                bodies.incrementAndGet();
                return end.get();
            })));
            untilSomebodyWaitsFor(USER);
            assertThat(bodies).hasValue(1);
            threads.submit(() -> {
                one.get();
                two.get();
                return both.complete(null);
            });
            return both;
        });
        end.complete("end");
        outer.get(10, SECONDS);
        assertThat(bodies).hasValue(2);
    }

    @Test
    void rule06_inAFlowABlockingCallEntersAgainWhatItsOwnThreadOfCallsHolds() throws Exception {
        LockScope flow = LockScope.named("flow");
        String end = flow.call(() -> calls.blocking(
                1,
                () -> locks.call(USER, () -> {
                    try (HeldLock again = locks.acquire(USER)) {
                        return calls.blocking(
                                1,
                                () -> "fence "
                                        + (again.fence()
                                                == HeldLock.current()
                                                        .orElseThrow()
                                                        .fence()));
                    }
                })));
        assertThat(end).isEqualTo("fence true");
    }

    @Test
    void rule05_branchesShareAndCountAsOwnersOfTheirOwn() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<Void> outer = calls.batch(1, () -> {
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(calls.read(1, until(end)));
            }
            assertThat(bodies).hasValue(3);
            all.add(calls.add(1, until(end)));
            assertThat(bodies).as("a writer beside readers").hasValue(3);
            for (int i = 0; i < 5; i++) {
                all.add(calls.room(1, until(end)));
            }
            assertThat(bodies).as("more than two permits").hasValue(5);
            return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
        });
        end.complete("end");
        outer.get(10, SECONDS);
        assertThat(bodies).hasValue(9);
    }

    @Test
    void rule05_aCallInsideASharedOneThatAsksExclusivelyIsAnErrorAtOnce() {
        CompletableFuture<String> outer =
                calls.read(1, () -> calls.batch(1, () -> calls.add(1, until(new CompletableFuture<>()))));
        assertThatThrownBy(() -> outer.get(10, SECONDS)).hasCauseInstanceOf(LockUsageException.class);
    }

    @Test
    void rule06_branchesOfASubmittedTaskExcludeEachOther() throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<CompletableFuture<Void>> task =
                locks.submit(List.of(LockKey.of("task")), LockOptions.defaults(), () -> {
                    CompletableFuture<String> one = calls.add(1, until(end));
                    CompletableFuture<String> two = calls.add(1, until(end));
                    return CompletableFuture.allOf(one, two);
                });
        CompletableFuture<Void> both = task.get(10, SECONDS);
        assertThat(bodies).hasValue(1);
        end.complete("end");
        both.get(10, SECONDS);
        assertThat(bodies).hasValue(2);
    }

    @Test
    void branchesThatAreNestedByHandExcludeEachOtherAndEnterAgainWhatIsAroundThem() throws Exception {
        LockScope flow = LockScope.named("flow");
        try (HeldLock outer = flow.call(() -> locks.acquire(LockKey.of("batch")))) {
            LockScope one = flow.nested("one");
            LockScope two = flow.nested("two");
            HeldLock user = one.call(() -> locks.acquire(USER));
            assertThat(two.call(() -> locks.tryAcquire(USER))).isEmpty();
            assertThat(flow.call(() -> locks.tryAcquire(USER))).isEmpty();
            assertThat(one.nested("deeper")
                            .call(() -> locks.tryAcquire(USER))
                            .orElseThrow()
                            .fence())
                    .isEqualTo(user.fence());
            assertThat(two.call(() -> locks.tryAcquire(outer.key()))
                            .orElseThrow()
                            .fence())
                    .isEqualTo(outer.fence());
        }
        locks.forceRelease(USER);
        locks.forceRelease(LockKey.of("batch"));
    }

    @Test
    void aCycleThroughTheHoldsOfTheCallsAroundIsFoundBeforeAnybodyBlocks() throws Exception {
        CompletableFuture<String> go = new CompletableFuture<>();
        CompletableFuture<String> one = calls.batch(
                1,
                () -> calls.batch(3, () -> {
                    CompletableFuture<String> inner = new CompletableFuture<>();
                    LockScope flow = LockScope.current();
                    go.thenRun(() -> flow.run(() -> calls.batch(2, until(CompletableFuture.completedFuture("one")))
                            .whenComplete((value, failure) -> inner.complete(value))));
                    return inner;
                }));
        CompletableFuture<String> two = calls.batch(
                2,
                () -> calls.batch(4, () -> {
                    go.complete("go");
                    untilSomebodyWaitsFor(LockKey.of("batch", 2));
                    return calls.batch(1, until(new CompletableFuture<>()));
                }));
        assertThatThrownBy(() -> two.get(5, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(LockDeadlockException.class)
                .hasMessageContaining("batch[1]")
                .hasMessageContaining("batch[2]");
        assertThat(one.get(10, SECONDS)).isEqualTo("one");
    }
}
