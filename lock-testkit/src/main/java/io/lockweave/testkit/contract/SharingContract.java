package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.HoldContract.assertBusyForOthers;
import static io.lockweave.testkit.contract.HoldContract.holdElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rule 5 inside one JVM. */
interface SharingContract extends Contract {

    /** Shared. */
    LockOptions SHARED = LockOptions.defaults().shared();

    @Test
    @Needs(Capability.SHARED)
    default void rule05_readersAreInsideTogetherAndNoWriterWithThem() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        CyclicBarrier allInside = new CyclicBarrier(4);
        Together.run(4, i -> {
            try (HeldLock reader = locks.acquire(key, SHARED)) {
                allInside.await(20, TimeUnit.SECONDS);
                assertBusyForOthers(locks, key);
                allInside.await(20, TimeUnit.SECONDS);
                return reader.fence();
            }
        });
        try (HeldLock writer = holdElsewhere(locks, key)) {
            assertThat(locks.tryAcquire(key, SHARED.waitTime(java.time.Duration.ZERO)))
                    .isEmpty();
            assertThat(writer.isHeld()).isTrue();
        }
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_readersAndWritersNeverMix() {
        Locks locks = fixture().locks();
        Mixture.run(List.of(locks), fixture().key(), 6, 30);
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_upgradingIsAUsageErrorAndNotASelfDeadlock() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock reader = locks.acquire(key, SHARED)) {
            assertThatThrownBy(() -> locks.acquire(key)).isInstanceOf(LockUsageException.class);
            assertThatThrownBy(() -> locks.tryAcquire(key)).isInstanceOf(LockUsageException.class);
            assertThat(reader.isHeld()).isTrue();
        }
        HoldContract.assertFreeForOthers(locks, key);
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_neverMoreThanTheNumberOfPermitsAreInside() {
        Locks locks = fixture().locks();
        Mixture.permits(List.of(locks), fixture().key(), 3, 8, 30);
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_anotherNumberOfPermitsIsAUsageError() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock held = holdElsewhere(locks, key, LockOptions.defaults().permits(3))) {
            assertThatThrownBy(() -> locks.acquire(key, LockOptions.defaults().permits(2)))
                    .isInstanceOf(LockUsageException.class);
            assertThat(held.isHeld()).isTrue();
        }
        locks.acquire(key, LockOptions.defaults().permits(2)).close();
    }

    @Test
    default void rule05_whatTheBackendCannotDoIsAUsageErrorAndWhatItCanIsNot() {
        Locks locks = fixture().locks();
        Map<Capability, LockOptions> asks = Map.of(
                Capability.SHARED, SHARED,
                Capability.PERMITS, LockOptions.defaults().permits(2),
                Capability.FAIR, LockOptions.defaults().fair(true));
        asks.forEach((capability, options) -> {
            if (fixture().backend().capabilities().contains(capability)) {
                locks.acquire(fixture().key(), options).close();
            } else {
                assertThatThrownBy(() -> locks.acquire(fixture().key(), options))
                        .as("without %s", capability)
                        .isInstanceOf(LockUsageException.class);
            }
        });
    }

    /** Threads of several JVMs that enter in one mode or the other and watch who else is inside. */
    final class Mixture {

        private Mixture() {}

        static void run(List<Locks> jvms, LockKey key, int threads, int rounds) {
            AtomicInteger readers = new AtomicInteger();
            AtomicInteger writers = new AtomicInteger();
            Together.run(threads, i -> {
                Locks locks = jvms.get(i % jvms.size());
                for (int n = 0; n < rounds; n++) {
                    if ((i + n) % 3 == 0) {
                        locks.run(key, () -> {
                            assertThat(writers.incrementAndGet()).as("writers").isEqualTo(1);
                            Fixture.stumble();
                            assertThat(readers.get())
                                    .as("readers beside a writer")
                                    .isZero();
                            writers.decrementAndGet();
                        });
                    } else {
                        locks.run(key, SHARED, () -> {
                            readers.incrementAndGet();
                            Fixture.stumble();
                            assertThat(writers.get())
                                    .as("writers beside a reader")
                                    .isZero();
                            readers.decrementAndGet();
                        });
                    }
                }
                return i;
            });
        }

        static void permits(List<Locks> jvms, LockKey key, int permits, int threads, int rounds) {
            LockOptions options = LockOptions.defaults().permits(permits);
            AtomicInteger inside = new AtomicInteger();
            Together.run(threads, i -> {
                for (int n = 0; n < rounds; n++) {
                    jvms.get(i % jvms.size()).run(key, options, () -> {
                        assertThat(inside.incrementAndGet()).as("inside").isLessThanOrEqualTo(permits);
                        Fixture.stumble();
                        inside.decrementAndGet();
                    });
                }
                return i;
            });
        }
    }
}
