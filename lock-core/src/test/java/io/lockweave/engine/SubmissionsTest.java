package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubmissionsTest {

    private static final LockKey KEY = LockKey.of("user", 42);
    private static final LockOptions AT_ONCE = LockOptions.defaults().waitTime(Duration.ZERO);

    private final LockEngine locks = (LockEngine) Locks.local();

    @AfterEach
    void nothingIsRetained() {
        OtherThread.until(() -> locks.parts().gates().all().isEmpty());
        locks.close();
    }

    @Test
    void tasksSubmittedForOneKeyRunOneAtATimeInOrder() throws Exception {
        List<Integer> ran = new ArrayList<>();
        List<CompletableFuture<Integer>> results = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 200; i++) {
            int number = i;
            results.add(locks.submit(List.of(KEY), LockOptions.defaults(), () -> {
                go.await();
                ran.add(number);
                return number;
            }));
        }
        go.countDown();
        for (int i = 0; i < 200; i++) {
            assertThat(results.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
        }
        assertThat(ran).isSorted().hasSize(200);
    }

    @Test
    void aTaskSubmittedInTheMomentOfAReleaseDoesNotPassTheOnesBeforeIt() throws Exception {
        for (int round = 0; round < 300; round++) {
            List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
            HeldLock held = locks.acquire(KEY);
            CompletableFuture<Boolean> first = locks.submit(List.of(KEY), LockOptions.defaults(), () -> ran.add(1));
            held.close();
            CompletableFuture<Boolean> second = locks.submit(List.of(KEY), LockOptions.defaults(), () -> ran.add(2));
            CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
            assertThat(ran).as("round %d", round).containsExactly(1, 2);
        }
    }

    @Test
    void rule06_aTaskEntersItsOwnLockAgain() throws Exception {
        CompletableFuture<Boolean> result = locks.submit(List.of(KEY), LockOptions.defaults(), () -> {
            try (HeldLock again = locks.acquire(KEY, AT_ONCE)) {
                return again.fence() == HeldLock.current().orElseThrow().fence();
            }
        });
        assertThat(result.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void rule01_aTaskWaitsForTheHoldOfTheThreadThatSubmitsIt() throws Exception {
        CompletableFuture<Boolean> result;
        try (HeldLock held = locks.acquire(KEY)) {
            result = locks.submit(List.of(KEY), LockOptions.defaults(), held::isHeld);
            assertThat(locks.inspect(KEY).waiters()).hasSize(1);
            assertThat(result).isNotDone();
        }
        assertThat(result.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void rule15_aTaskWhoseTurnComesAfterTheEndHearsThatTheLocksAreClosed() throws Exception {
        HeldLock held = locks.acquire(KEY);
        CompletableFuture<String> result = locks.submit(List.of(KEY), LockOptions.defaults(), () -> "ran");
        locks.close();
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(LockUnavailableException.class)
                .hasMessageContaining("closed");
        assertThat(held.isLost()).isTrue();
    }
}
