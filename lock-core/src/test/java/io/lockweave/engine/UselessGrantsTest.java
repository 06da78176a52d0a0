package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that goes on granting what nobody can use keeps no call beyond its wait budget. */
@Timeout(20)
class UselessGrantsTest {

    private static final LockKey KEY = LockKey.of("user", 42);
    private static final LockOptions SOON = LockOptions.defaults().waitTime(Duration.ofMillis(200));

    /** Loses each grant before anybody has it. */
    private final MapStore loses = new MapStore() {
        @Override
        public Attempt tryAcquire(Claim claim) {
            Attempt attempt = super.tryAcquire(claim);
            losses.lost(claim.owner(), "its session ended");
            held.clear();
            return attempt;
        }
    };

    /** Says of each grant that no fence belongs to it, as a statement may whose columns do not fit together. */
    private final MapStore hasNoFences = new MapStore() {
        @Override
        public Attempt tryAcquire(Claim claim) {
            return super.tryAcquire(claim) instanceof Attempt.Granted granted
                    ? new Attempt.Granted(new Grant(claim, granted.grant().fence(), 0))
                    : super.tryAcquire(claim);
        }
    };

    private LockEngine locks = engine(loses);

    private static LockEngine engine(MapStore store) {
        return Engines.on(store, Threads::daemon, TimeSource.system());
    }

    @AfterEach
    void close() {
        locks.close();
    }

    @Test
    void rule08_grantsThatAreLostAtOnceDoNotOutlastTheWait() {
        long start = System.nanoTime();
        assertThatThrownBy(() -> OtherThread.call(() -> locks.acquire(KEY, SOON)))
                .isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(() ->
                        OtherThread.call(() -> locks.acquireAsync(KEY, SOON).get(10, TimeUnit.SECONDS)))
                .hasCauseInstanceOf(LockUnavailableException.class);
        assertThat(System.nanoTime() - start).isGreaterThan(SOON.waitTime().toNanos());
    }

    @Test
    void rule08_aGrantWithoutFencesIsAFailureOfTheStoreAtOnce() {
        locks.close();
        locks = engine(hasNoFences);
        for (LockOptions options : new LockOptions[] {SOON, SOON.waitTime(Duration.ofDays(1))}) {
            assertThatThrownBy(() -> OtherThread.call(() -> locks.acquire(KEY, options)))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("user[42]")
                    .hasMessageContaining("no fence");
        }
    }
}
