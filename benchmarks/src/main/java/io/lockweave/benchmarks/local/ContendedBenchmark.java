package io.lockweave.benchmarks.local;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** T2: many threads on one key. Run with {@code -t 16} and {@code -t 64}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ContendedBenchmark {

    /** How much work is done under the lock, in JMH's tokens. */
    @Param({"0", "50"})
    public int work;

    private final ReentrantLock floor = new ReentrantLock();
    private final Locks locks = Locks.local();
    private final LockKey key = LockKey.of("user", 42);
    private final LockOptions patient = LockOptions.defaults().waitTime(LockOptions.FOREVER);

    private long counter;

    /** Ends the locks. */
    @TearDown
    public void close() {
        locks.close();
    }

    /** The floor: one ReentrantLock, known to all threads without looking it up. */
    @Benchmark
    public long floor() {
        floor.lock();
        try {
            Blackhole.consumeCPU(work);
            return ++counter;
        } finally {
            floor.unlock();
        }
    }

    /** Acquire and close. */
    @Benchmark
    public long acquireAndClose() {
        try (HeldLock held = locks.acquire(key, patient)) {
            Blackhole.consumeCPU(work);
            return ++counter;
        }
    }
}
