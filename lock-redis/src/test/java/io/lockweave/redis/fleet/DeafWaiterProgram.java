package io.lockweave.redis.fleet;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.engine.SimulatedEngines;
import io.lockweave.redis.RedisBackend;
import io.lockweave.schedules.Program;
import io.lockweave.schedules.Schedule;
import java.util.List;
import java.util.Random;

/**
 * Three programs: one holds a lock, two wait for it. The first of these is not listening when the lock comes free, so
 * the one behind it gets it: at once, not when the first one asks again or the lock that it knows nothing of ends.
 */
public final class DeafWaiterProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final long MILLI = 1_000_000L;

    /** As long as a release, a message and what follows it may take. */
    private static final long AT_ONCE = 10 * MILLI;

    private final Random random;
    private final Network network;
    private final Server server;
    private final LockOptions options;
    private long released;
    private long taken;

    public DeafWaiterProgram(long seed) {
        this.random = new Random(seed);
        this.network = new Network(random, Faults.of(0));
        this.server = new Server(network);
        LockOptions forEver = LockOptions.defaults().waitTime(LockOptions.FOREVER);
        this.options = seed % 2 == 0 ? forEver : forEver.fair(true);
    }

    @Override
    public List<Runnable> threads() {
        return List.of(
                () -> Schedule.as(1, () -> take(1, 0, this::releaseToTheDeaf)),
                () -> Schedule.as(2, () -> take(2, 20, () -> {})),
                () -> Schedule.as(3, () -> take(3, 40, () -> taken = Network.now())));
    }

    private void take(int process, long after, Runnable use) {
        RedisBackend backend = RedisBackend.over(new FleetTransport(process, network, server));
        try (Locks locks = SimulatedEngines.over(backend, random.nextBoolean(), false)) {
            rest(after);
            try (HeldLock held = locks.acquire(KEY, options)) {
                use.run();
            }
            rest(1_000); // what is sent in the background
        }
    }

    private void releaseToTheDeaf() {
        rest(60);
        server.deafen(2, 400 * MILLI);
        released = Network.now();
    }

    private static void rest(long millis) {
        Schedule.until(() -> false, millis * MILLI);
    }

    @Override
    public void check() {
        network.end();
        if (taken - released > AT_ONCE) {
            throw new AssertionError("somebody who listens was passed over for " + (taken - released) / 1_000 + " us");
        }
    }
}
