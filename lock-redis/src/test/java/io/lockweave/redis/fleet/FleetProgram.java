package io.lockweave.redis.fleet;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.engine.SimulatedEngines;
import io.lockweave.redis.RedisBackend;
import io.lockweave.schedules.Program;
import io.lockweave.schedules.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Two to four programs that use one or two locks on one server, drawn from a seed, with what goes wrong meanwhile. No
 * two hold a lock at once, fences grow from one holder to the next, nobody waits for longer than asked, a lock that
 * comes free is taken soon, all come to an end, and after it the server has nothing left but fence counters.
 */
public final class FleetProgram implements Program {

    /** A round trip may take as long as a client waits for an answer, and a call may need some of them. */
    private static final long ROUND_TRIPS = 5 * FleetTransport.TIMEOUT.toNanos();

    private static final long SECOND = 1_000_000_000L;

    /** Where nothing goes wrong, a lock that comes free is taken within this time, far sooner than by asking. */
    private static final long HANDED_ON = SECOND / 33;

    /** After this time without faults, what was under way has arrived, and what failed has been repeated. */
    private static final long CALM = 4 * FleetTransport.TIMEOUT.toNanos();

    private final Random random;
    private final Faults faults;
    private final Network network;
    private final Server server;
    private final Rules rules;
    private final List<Locks> engines = new ArrayList<>();
    private final List<Runnable> threads = new ArrayList<>();
    private final LockOptions kind;
    private final Duration lease;
    private final boolean sends;
    private long held;
    private int takers;

    public FleetProgram(long seed) {
        this.random = new Random(seed);
        this.faults = Faults.of(seed);
        this.network = new Network(random, faults);
        this.server = new Server(network);
        this.rules = new Rules(server);
        // Long leases hide nothing that is left behind; after a fail-over only their end helps.
        this.lease = Duration.ofSeconds(faults.failsOver() || random.nextInt(3) == 0 ? 2 : 30);
        this.sends = seed % 11 % 4 == 2;
        this.kind = kind().fair(random.nextInt(4) == 0).leaseTime(lease);
        int programs = 2 + random.nextInt(3);
        for (int process = 1; process <= programs; process++) {
            add(process);
        }
        if (!faults.none()) {
            threads.add(this::disturb);
        }
    }

    private LockOptions kind() {
        LockOptions exclusive = LockOptions.defaults();
        return switch (random.nextInt(6)) {
            case 0 -> exclusive.shared();
            case 1 -> exclusive.permits(2);
            default -> exclusive;
        };
    }

    private void add(int process) {
        boolean handOver = random.nextBoolean();
        Schedule.as(
                process,
                () -> engines.add(SimulatedEngines.over(
                        RedisBackend.over(new FleetTransport(process, network, server)), handOver, sends)));
        Locks locks = engines.get(engines.size() - 1);
        for (int taker = 1 + random.nextInt(2); taker > 0; taker--) {
            takers++;
            threads.add(() -> {
                Schedule.as(process, () -> use(process, locks));
                takers--;
            });
        }
    }

    @Override
    public List<Runnable> threads() {
        return threads;
    }

    // ---- what a program does

    private void use(int process, Locks locks) {
        for (int turn = 1 + random.nextInt(4); turn > 0; turn--) {
            LockOptions options = random.nextInt(5) == 0 && kind.mode() == LockMode.SHARED ? kind.exclusive() : kind;
            Duration wait = wait(random.nextInt(6));
            LockKey key = LockKey.of("thing", random.nextInt(8) == 0 ? 2 : 1);
            long asked = Network.now();
            try {
                Optional<HeldLock> taken = locks.tryAcquire(key, options.waitTime(wait));
                taken.ifPresent(lock -> stay(process, lock, options));
            } catch (LockException e) {
                if (faults.none()) {
                    throw new AssertionError("nothing went wrong, but " + e, e);
                }
            }
            checkWaited(process, wait, asked);
            rest(random.nextInt(3) == 0 ? 0 : (long) (random.nextDouble() * SECOND / 50));
        }
    }

    private static Duration wait(int which) {
        return switch (which) {
            case 0 -> Duration.ZERO;
            case 1 -> Duration.ofMillis(20);
            case 2 -> Duration.ofSeconds(5);
            default -> LockOptions.FOREVER;
        };
    }

    private long stayed;

    private void stay(int process, HeldLock lock, LockOptions options) {
        long since = Network.now();
        try (lock) {
            rules.enter(process, lock, options.mode(), options.permits());
            long time = random.nextInt(faults.none() ? 12 : 6) == 0
                    ? 2 * lease.toNanos()
                    : (long) (random.nextDouble() * SECOND / 20);
            for (int step = 0; step < 3; step++) {
                rest(time / 3);
                rules.check(lock);
            }
        } finally {
            rules.leave(lock);
            held += Network.now() - since;
            stayed = Network.now() - since;
        }
    }

    private static void rest(long nanos) {
        Schedule.until(() -> false, nanos);
    }

    private void checkWaited(int process, Duration wait, long asked) {
        long waited = Network.now() - asked - stayed;
        stayed = 0;
        long most = faults.none() ? HANDED_ON : ROUND_TRIPS;
        boolean bounded = !wait.equals(LockOptions.FOREVER) && Schedule.pausedUntil(process) < asked;
        if (bounded && waited > wait.toNanos() + most) {
            throw new AssertionError(
                    "asked to wait " + wait + ", process " + process + " waited " + waited / 1_000_000 + " ms");
        }
    }

    // ---- what goes wrong

    private void disturb() {
        for (int times = 1 + random.nextInt(4); times > 0 && takers > 0; times--) {
            rest((long) (random.nextDouble() * SECOND / (random.nextBoolean() ? 1 : 20)));
            switch (random.nextInt(4)) {
                case 0, 1 -> pauseOne();
                case 2 -> failOver();
                default -> setBack();
            }
            if (faults.lost() && random.nextBoolean()) {
                server.cutOne(random.nextInt(4));
            }
        }
    }

    private void pauseOne() {
        if (faults.paused()) {
            long most = random.nextInt(3) == 0 ? 2 * lease.toNanos() : 3 * SECOND;
            Schedule.pause(1 + random.nextInt(engines.size()), Network.now() + (long) (random.nextDouble() * most));
        }
    }

    private void failOver() {
        if (faults.failsOver()) {
            server.replicaLags();
            rest((long) (random.nextDouble() * SECOND / 10));
            server.failOver((long) (random.nextDouble() * SECOND));
        }
    }

    private void setBack() {
        if (faults.clockSetBack()) {
            server.setClockBack(random.nextInt(5_000_000));
        }
    }

    // ---- the end

    @Override
    public void check() {
        network.calmDown();
        long longest = faults.none() ? held + (rules.entries() + 5L) * HANDED_ON : Long.MAX_VALUE;
        if (Network.now() > longest) {
            throw new AssertionError("locks were free while somebody waited: " + rules.entries() + " stays of "
                    + held / 1_000_000 + " ms took " + Network.now() / 1_000_000 + " ms");
        }
        for (int process = 1; process <= engines.size(); process++) {
            rest(Schedule.pausedUntil(process) - Network.now());
        }
        rest(faults.none() ? HANDED_ON : CALM); // what was sent arrives
        engines.forEach(engine -> {
            if (!SimulatedEngines.isIdle(engine)) {
                throw new AssertionError("still in use at the end");
            }
            engine.close();
        });
        if (!faults.none()) {
            rest(SECOND);
        }
        List<String> left = server.data().keys().stream()
                .filter(key -> !key.endsWith(":fence"))
                .toList();
        if (!left.isEmpty() && !faults.failsOver() && !faults.clockSetBack()) {
            throw new AssertionError("left on the server: " + server.data());
        }
        network.end();
    }
}
