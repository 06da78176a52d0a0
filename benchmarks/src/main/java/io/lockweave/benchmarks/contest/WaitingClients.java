package io.lockweave.benchmarks.contest;

import io.lettuce.core.RedisClient;
import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.redis.LettuceTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** T11: what so many clients that wait for each of so many keys ask of the Redis server in a second. */
public final class WaitingClients {

    private WaitingClients() {}

    /** The number of clients, of keys, of seconds to begin in, and of seconds to count. */
    public static void main(String[] args) throws InterruptedException {
        int clients = Integer.parseInt(args[0]);
        int keys = Integer.parseInt(args[1]);
        LockOptions forEver = LockOptions.defaults().waitTime(LockOptions.FOREVER);
        try (RedisServer server = RedisServer.launch();
                RedisWire wire = new RedisWire(server.port());
                RedisClient client = RedisClient.create(server.uri())) {
            List<HeldLock> held = new ArrayList<>();
            List<CompletableFuture<HeldLock>> waiting = new ArrayList<>();
            for (int number = 0; number <= clients; number++) {
                Locks locks = Locks.builder(RedisBackend.over(LettuceTransport.of(client)))
                        .build();
                for (int key = 0; key < keys; key++) {
                    LockKey busy = LockKey.of("busy", key);
                    if (number == 0) {
                        held.add(locks.acquire(busy, forEver));
                    } else {
                        waiting.add(locks.acquireAsync(busy, forEver));
                    }
                }
            }
            TimeUnit.SECONDS.sleep(Long.parseLong(args[2]));
            int seconds = Integer.parseInt(args[3]);
            ServerTime.Scripts scripts = new ServerTime(wire).during(seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%d waits of %d clients for %d keys: %.0f scripts a second, %.1f us each, %.3f s a second%n",
                    waiting.size(),
                    clients,
                    held.size(),
                    (double) scripts.calls() / seconds,
                    scripts.micros() / scripts.calls(),
                    scripts.micros() / 1e6 / seconds);
        }
        System.exit(0);
    }
}
