package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ManyKeysTest {

    /** So many that taking one after the other by calls inside calls would not end well. */
    private static final List<LockKey> KEYS = IntStream.range(0, 10_000)
            .mapToObj(number -> LockKey.of("user", number))
            .toList();

    @Test
    void rule07_thousandsOfKeysAreTakenAndGivenBackTogetherWithoutBlocking() throws Exception {
        try (LockEngine locks = (LockEngine) Locks.local()) {
            try (HeldLock held =
                    locks.acquireAllAsync(KEYS, LockOptions.defaults()).get(30, TimeUnit.SECONDS)) {
                assertThat(held.parts()).hasSize(KEYS.size());
            }
            HeldLock last = locks.acquire(KEYS.get(5_000));
            CompletableFuture<HeldLock> waiting =
                    OtherThread.call(() -> locks.acquireAllAsync(KEYS, LockOptions.defaults()));
            OtherThread.until(() -> !locks.inspect(last.key()).waiters().isEmpty());
            waiting.cancel(true);
            last.close();
            OtherThread.until(() -> locks.parts().gates().all().isEmpty());
        }
    }
}
