package io.lockweave.benchmarks.local;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** T1: one thread takes and gives back the locks of 1,000 users, one after the other in random order. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class UncontendedBenchmark {

    private static final int KEYS = 1_000;

    private final FloorLocks floor = new FloorLocks();
    private final Locks locks = Locks.local();
    private final PointsService service = new PointsService();
    private final LockKey[] keys = new LockKey[KEYS];
    private final User[] users = new User[KEYS];
    private int next;

    /** Shuffles the users. */
    @Setup
    public void fill() {
        Random random = new Random(42);
        for (int i = 0; i < KEYS; i++) {
            long id = 1_000_000L + random.nextInt(KEYS);
            users[i] = new User(id);
            keys[i] = LockKey.of("user", id);
        }
        Lockweave.use(locks);
    }

    /** Ends the locks. */
    @TearDown
    public void close() {
        locks.close();
    }

    private int index() {
        int now = next;
        next = now + 1 == KEYS ? 0 : now + 1;
        return now;
    }

    /** The floor: a map and a ReentrantLock. */
    @Benchmark
    public long floor() {
        int i = index();
        ReentrantLock lock = floor.lock(keys[i]);
        try {
            return users[i].add(1);
        } finally {
            floor.unlock(keys[i], lock);
        }
    }

    /** Acquire and close with keys at hand. */
    @Benchmark
    public long acquireAndClose() {
        int i = index();
        try (HeldLock held = locks.acquire(keys[i])) {
            return users[i].add(1);
        }
    }

    /** Acquire and close by hand, the key made each time, as the woven method has to. */
    @Benchmark
    public long acquireAndCloseWithNewKey() {
        int i = index();
        try (HeldLock held = locks.acquire(LockKey.of("user", users[i].id()))) {
            return users[i].add(1);
        }
    }

    /** The same by annotation. */
    @Benchmark
    public long woven() {
        return service.addPoints(users[index()]);
    }

    /** What AspectJ takes of it: advice that reads the arguments and goes on. */
    @Benchmark
    public long wovenWithoutLock() {
        return service.advised(users[index()]);
    }
}
