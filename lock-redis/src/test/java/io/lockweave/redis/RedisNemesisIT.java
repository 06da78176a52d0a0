package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A fleet of three clients, each behind a network of its own, under random faults: cut, slow and silent networks,
 * killed subscriptions, a frozen server, a server killed and restarted from its append-only file. No two holders may
 * overlap unless the earlier one knew that it had lost the lock, and fences must grow.
 */
@Timeout(120)
class RedisNemesisIT {

    private static final Duration RUN = Duration.ofSeconds(15);
    private static final Duration LEASE = Duration.ofMillis(1_500);

    private final RedisServer server = RedisServer.launch("--appendonly", "yes", "--appendfsync", "always");
    private final List<FaultProxy> networks = new ArrayList<>();
    private final List<Locks> fleet = new ArrayList<>();
    private final HistoryChecker history = new HistoryChecker();
    private final AtomicInteger failures = new AtomicInteger();

    @AfterEach
    void stop() {
        networks.forEach(FaultProxy::heal);
        fleet.forEach(Locks::close);
        networks.forEach(FaultProxy::close);
        server.close();
    }

    @Test
    void noTwoHoldersOverlapUnderRandomFaults() throws Exception {
        long seed = Long.getLong("lockweave.test.seed", System.nanoTime());
        System.out.println("RedisNemesisIT runs with -Dlockweave.test.seed=" + seed);
        for (RedisClients client : RedisClients.values()) {
            FaultProxy network = FaultProxy.to("127.0.0.1", server.port());
            networks.add(network);
            fleet.add(Locks.builder(Backends.open(client, "redis://127.0.0.1:" + network.port()))
                    .leaseTime(LEASE)
                    .build());
        }
        List<LockKey> keys = List.of(LockKey.of("nemesis", 1), LockKey.of("nemesis", 2));
        long end = System.nanoTime() + RUN.toNanos();
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            Locks locks = fleet.get(i % 3);
            Random random = new Random(seed + i);
            String who = RedisClients.values()[i % 3] + "-" + i;
            work.add(threads.submit(() -> {
                while (System.nanoTime() - end < 0) {
                    enter(locks, keys.get(random.nextInt(2)), who, random);
                }
            }));
        }
        nemesis(new Random(seed), end);
        for (Future<?> part : work) {
            part.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        System.out.println("RedisNemesisIT: " + history.size() + " stays, " + failures + " failed attempts");
        assertThat(history.size()).isGreaterThan(200);
        history.check();
    }

    private void enter(Locks locks, LockKey key, String who, Random random) {
        HeldLock lock;
        try {
            lock = locks.acquire(key, LockOptions.defaults().waitTime(Duration.ofSeconds(3)));
        } catch (LockException e) {
            failures.incrementAndGet();
            return;
        }
        try {
            HistoryChecker.Entry stay = history.enter(who, key.toString(), lock.fence());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20)));
            stay.exit(!lock.isHeld());
        } finally {
            try {
                lock.close();
            } catch (LockException e) {
                failures.incrementAndGet();
            }
        }
    }

    private void nemesis(Random random, long end) {
        while (System.nanoTime() - end < 0) {
            FaultProxy network = networks.get(random.nextInt(networks.size()));
            switch (random.nextInt(8)) {
                case 0 -> network.resetAll();
                case 1 -> network.delay(Duration.ofMillis(random.nextInt(100)));
                case 2 -> network.blackholeUp();
                case 3 -> network.blackholeDown();
                case 4 -> network.cutReplies(1 + random.nextInt(3));
                case 5 -> server.run("CLIENT", "KILL", "TYPE", "pubsub");
                case 6 -> {
                    server.freeze();
                    rest(random.nextInt(1_000));
                    server.resume();
                }
                default -> {
                    server.kill();
                    server.start();
                }
            }
            rest(random.nextInt(800));
            network.heal();
            rest(random.nextInt(400));
        }
    }

    private static void rest(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
