package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A key without a namespace and the same key in the configured one are one lock. */
@Timeout(30)
class NamespacesTest {

    private static final LockKey PLAIN = LockKey.of("user", 42);
    private static final LockKey FULL = PLAIN.in("shop");

    private final LockEngine locks =
            (LockEngine) Locks.builder(new LocalBackend()).namespace("shop").build();

    @AfterEach
    void nothingIsRetained() {
        assertThat(locks.parts().gates().all()).isEmpty();
        locks.close();
    }

    @Test
    void rule01_theyExcludeEachOther() throws Exception {
        try (HeldLock held = locks.acquire(PLAIN)) {
            assertThat(OtherThread.call(() -> locks.tryAcquire(FULL))).isEmpty();
            assertThat(OtherThread.call(() -> locks.acquireAsync(FULL).cancel(true)))
                    .isTrue();
            assertThat(OtherThread.call(() -> locks.asLock(FULL).tryLock())).isFalse();
            assertThat(locks.isLocked(FULL)).isTrue();
            assertThat(held.isHeld()).isTrue();
        }
        HeldLock forced = locks.acquire(PLAIN);
        assertThat(locks.forceRelease(FULL)).isTrue();
        assertThat(forced.isLost()).isTrue();
        OtherThread.until(() -> locks.parts().gates().all().isEmpty());
    }

    @Test
    void rule06_theyReenterEachOther() {
        LockOptions atOnce = LockOptions.defaults().waitTime(java.time.Duration.ZERO);
        try (HeldLock held = locks.acquire(FULL);
                HeldLock again = locks.acquire(PLAIN, atOnce)) {
            assertThat(again.fence()).isEqualTo(held.fence());
            assertThat(locks.parts().gates().all()).hasSize(1);
        }
    }

    @Test
    void rule07_theyAreOneOfSeveralKeysAndSortedByTheirWholeText() {
        LockKey before = PLAIN.in("market");
        try (HeldLock held = locks.acquireAll(List.of(FULL, PLAIN, before))) {
            assertThat(held.parts())
                    .extracting(part -> locks.parts().namespace().full(part.key()))
                    .containsExactly(before, FULL);
        }
    }
}
