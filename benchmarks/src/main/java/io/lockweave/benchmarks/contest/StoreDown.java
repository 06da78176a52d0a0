package io.lockweave.benchmarks.contest;

import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import redis.clients.jedis.RedisClient;

/**
 * How long a call takes whose store is down: 200 threads ask for locks of a Redis that was killed, with and without
 * {@code failFastAfter}. The first eight seconds do not count.
 */
public final class StoreDown {

    private static final int THREADS = 200;
    private static final long WARM_UP = 8_000_000_000L;
    private static final long TIME = 20_000_000_000L;

    private StoreDown() {}

    /** Prints a line for each way. */
    public static void main(String[] args) throws Exception {
        for (Duration after : List.of(Duration.ofSeconds(5), LockOptions.FOREVER)) {
            RedisServer server = RedisServer.launch();
            try (RedisClient client = RedisClient.create("127.0.0.1", server.port());
                    Locks locks = Locks.builder(RedisBackend.over(JedisTransport.of(client)))
                            .failFastAfter(after)
                            .build()) {
                locks.acquire(LockKey.of("first")).close();
                server.close();
                report(after, refusals(locks));
            }
        }
    }

    private static Queue<Long> refusals(Locks locks) throws InterruptedException {
        Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(THREADS);
        long begin = System.nanoTime();
        for (int i = 0; i < THREADS; i++) {
            LockKey key = LockKey.of("key", i);
            new Thread(() -> {
                        while (System.nanoTime() - begin < TIME) {
                            long start = System.nanoTime();
                            try {
                                locks.acquire(key).close();
                            } catch (LockException e) {
                                if (start - begin > WARM_UP) {
                                    nanos.add(System.nanoTime() - start);
                                }
                                pause();
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        return nanos;
    }

    /** As between two requests. */
    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(Duration after, Queue<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "fail fast after %s: %d calls refused, p50 %.2f ms, p99 %.2f ms, longest %.0f ms%n",
                after.compareTo(Duration.ofDays(1)) > 0 ? "never" : after.toSeconds() + " s",
                sorted.size(),
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2) / 1e6,
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100) / 1e6,
                sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1) / 1e6);
    }
}
