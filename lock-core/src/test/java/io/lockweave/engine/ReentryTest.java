package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReentryTest {

    private static final LockKey KEY = LockKey.of("thing", 1);

    @Test
    void aHandleThatIsClosedHearsNothingOfALaterLossOfItsHold() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        CountDownLatch told = new CountDownLatch(2);
        try (Locks locks = Locks.local()) {
            HeldLock outer = locks.acquire(KEY);
            HeldLock closed = locks.acquire(KEY);
            closed.onLost(lost -> heard.add("closed"));
            closed.close();
            closed.onLost(lost -> heard.add("closed before"));
            HeldLock open = locks.acquire(KEY);
            open.onLost(lost -> {
                heard.add("open");
                told.countDown();
            });
            outer.onLost(lost -> {
                heard.add("outer");
                told.countDown();
            });

            assertThat(locks.forceRelease(KEY)).isTrue();

            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(heard).containsExactlyInAnyOrder("open", "outer");
    }

    @Test
    void theFirstHandleIsOverOnceClosedThoughALaterEntryIsOpen() throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        CountDownLatch told = new CountDownLatch(1);
        try (Locks locks = Locks.local()) {
            HeldLock first = locks.acquire(KEY);
            first.onLost(lost -> heard.add("first"));
            HeldLock later = locks.acquire(KEY);
            first.close();
            first.onLost(lost -> heard.add("first, after its end"));
            later.onLost(lost -> told.countDown());
            assertThat(first.isHeld()).isFalse();
            assertThat(first.remaining()).isZero();
            assertThat(later.isHeld()).isTrue();
            assertThat(locks.forceRelease(KEY)).isTrue();
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(heard).isEmpty();
    }
}
