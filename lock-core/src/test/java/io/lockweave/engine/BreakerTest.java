package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockOutage;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store that is known to be down is not waited for. */
@Timeout(30)
class BreakerTest {

    private static final LockKey KEY = LockKey.of("thing");
    private static final LockOptions NO_WAIT = LockOptions.defaults().waitTime(Duration.ZERO);
    private static final LockBackendException DOWN = LockBackendException.passing("connection refused", null);

    private final AtomicLong millis = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean isDown = true;
    private final MapStore store = new MapStore() {
        @Override
        public Attempt tryAcquire(Claim claim) {
            asked.incrementAndGet();
            if (isDown) {
                throw DOWN;
            }
            return super.tryAcquire(claim);
        }
    };
    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return TimeUnit.MILLISECONDS.toNanos(millis.get());
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, TimeUnit.MILLISECONDS.toNanos(1));
        }
    };

    private void failsAt(Locks locks, long time) {
        millis.set(time);
        assertThatThrownBy(() -> locks.acquire(KEY, NO_WAIT))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("connection refused");
    }

    @Test
    void afterFiveSecondsOfFailuresOneClaimASecondAsksUntilTheStoreAnswers() {
        try (Locks locks = Locks.builder(store).timeSource(time).build()) {
            for (long at : new long[] {0, 2_000, 4_900}) {
                failsAt(locks, at);
            }
            assertThat(asked).hasValue(3);
            for (long at : new long[] {5_000, 5_200, 5_900}) {
                failsAt(locks, at);
            }
            assertThat(asked).as("refused").hasValue(3);
            failsAt(locks, 6_000);
            assertThat(asked).as("one asks").hasValue(4);
            isDown = false;
            failsAt(locks, 6_500);
            assertThat(asked).hasValue(4);
            millis.set(7_000);
            locks.acquire(KEY, NO_WAIT).close();
            locks.acquire(KEY, NO_WAIT).close();
        }
    }

    @Test
    void anOutageIsKnownFromTheFirstFailureToTheFirstAnswer() {
        try (Locks locks = Locks.builder(store).timeSource(time).build()) {
            assertThat(locks.outage()).isEmpty();
            failsAt(locks, 0);
            failsAt(locks, 3_000);
            assertThat(locks.outage()).contains(new LockOutage(Duration.ofSeconds(3), false, "connection refused"));
            millis.set(6_000);
            assertThat(locks.outage()).contains(new LockOutage(Duration.ofSeconds(6), true, "connection refused"));
            failsAt(locks, 6_000);
            isDown = false;
            millis.set(7_000);
            locks.acquire(KEY, NO_WAIT).close();
            assertThat(locks.outage()).isEmpty();
        }
    }

    @Test
    void theMessageSaysForHowLongTheStoreHasNotAnswered() {
        try (Locks locks = Locks.builder(store).timeSource(time).build()) {
            failsAt(locks, 0);
            failsAt(locks, 4_000);
            millis.set(8_000);
            assertThatThrownBy(() -> locks.acquire(KEY, NO_WAIT))
                    .hasMessage(
                            "Lock lockweave/thing is not asked for: the store of backend map has not answered for 8 s;"
                                    + " it is asked again every second. connection refused")
                    .hasCause(DOWN);
        }
    }

    @Test
    void oneFailureLongAgoSaysNothing() {
        try (Locks locks = Locks.builder(store).timeSource(time).build()) {
            failsAt(locks, 0);
            isDown = false;
            millis.set(60_000);
            locks.acquire(KEY, NO_WAIT).close();
        }
    }

    @Test
    void anAnswerBetweenFailuresBeginsAnew() {
        try (Locks locks = Locks.builder(store).timeSource(time).build()) {
            failsAt(locks, 0);
            failsAt(locks, 4_000);
            isDown = false;
            locks.acquire(KEY, NO_WAIT).close();
            isDown = true;
            failsAt(locks, 5_000);
            failsAt(locks, 8_000);
            assertThat(asked).hasValue(5);
        }
    }

    @Test
    void aFailureThatPeopleMustFixIsNoOutage() {
        LockBackendException noTable = LockBackendException.lasting("no table", null);
        MapStore broken = new MapStore() {
            @Override
            public Attempt tryAcquire(Claim claim) {
                throw noTable;
            }
        };
        try (Locks locks = Locks.builder(broken).timeSource(time).build()) {
            for (long at : new long[] {0, 4_000, 8_000}) {
                millis.set(at);
                assertThatThrownBy(() -> locks.acquire(KEY, NO_WAIT)).isSameAs(noTable);
            }
        }
    }

    @Test
    void severalKeysAreRefusedTooAndNeverIsNever() {
        List<LockKey> two = List.of(KEY, LockKey.of("other"));
        try (Locks locks = Locks.builder(store).timeSource(time).build();
                Locks patient = Locks.builder(store)
                        .timeSource(time)
                        .failFastAfter(LockOptions.FOREVER)
                        .build()) {
            for (long at : new long[] {0, 4_000}) {
                failsAt(locks, at);
                failsAt(patient, at);
            }
            millis.set(8_000);
            assertThatThrownBy(() -> locks.acquireAll(two, NO_WAIT)).hasMessageContaining("is not asked for");
            assertThatThrownBy(() -> patient.acquireAll(two, NO_WAIT)).isSameAs(DOWN);
        }
    }
}
