package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ManualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hold that is never closed ends at the longest time it may last, and not before. */
@Timeout(30)
class MaxHoldTimeTest {

    private static final LockKey KEY = LockKey.of("forgotten");

    private final ManualClock clock = new ManualClock();

    @Test
    void aForgottenHoldOfAStoreIsLostAndFree() throws Exception {
        MemoryServer server = new MemoryServer(clock);
        try (Locks others = locks(new MemoryStore(server))) {
            isLostAndFree(new MemoryStore(server), others);
        }
    }

    @Test
    void aForgottenLocalHoldIsLostAndFree() throws Exception {
        isLostAndFree(new LocalBackend(), null);
    }

    private Locks locks(LockBackend backend) {
        return Locks.builder(backend)
                .timeSource(clock)
                .leaseTime(Duration.ofMinutes(3))
                .maxHoldTime(Duration.ofMinutes(10))
                .build();
    }

    private void isLostAndFree(LockBackend backend, Locks others) throws Exception {
        try (Locks locks = locks(backend)) {
            HeldLock held = HoldContract.holdElsewhere(locks, KEY);
            CompletableFuture<LockLostException> lost = new CompletableFuture<>();
            held.onLost(lost::complete);
            for (int minute = 1; minute < 10; minute++) {
                passAMinute();
                await().until(() -> held.remaining().compareTo(Duration.ofSeconds(150)) > 0);
            }
            passAMinute();
            assertThat(lost.get(10, TimeUnit.SECONDS)).hasMessageContaining("longer than maxHoldTime = PT10M");
            (others == null ? locks : others).acquire(KEY).close();
        }
    }

    /** A third of the lease, after which a renewal is due. */
    private void passAMinute() {
        clock.awaitParked(1);
        clock.advance(Duration.ofMinutes(1));
    }

    @Test
    void aTimeThatIsNotPositiveIsRefused() {
        assertThatThrownBy(() -> Locks.builder(new LocalBackend()).maxHoldTime(Duration.ZERO))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("maxHoldTime = PT0S");
    }
}
