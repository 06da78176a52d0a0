package io.lockweave.redis;

import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Grant;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Renewals that cross releases: what was released stays free, and its renewal ends with it. */
@Timeout(120)
class RedisRenewalRaceTest {

    private static final int ROUNDS = 20_000;

    private final RedisServer server = RedisServer.launch();
    private final RedisWire redis = new RedisWire(server.port());
    private final RedisBackend here = Backends.open(RedisClients.JEDIS, server.uri());

    @AfterEach
    void stop() {
        here.close();
        redis.close();
        server.close();
    }

    private List<?> locksLeft() {
        return (List<?>) redis.run("KEYS", RedisKeys.PATTERN);
    }

    @Test
    void aRenewalThatCrossesItsReleaseNeitherProlongsNorBringsBackTheLock() throws Exception {
        SynchronousQueue<Grant> renewing = new SynchronousQueue<>();
        try (RedisBackend there = Backends.open(RedisClients.JEDIS, server.uri())) {
            CompletableFuture<Void> renewer = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < ROUNDS; i++) {
                        there.renew(List.of(renewing.take()), Duration.ofMinutes(10));
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < ROUNDS; i++) {
                Grant grant = granted(here, exclusive(key()));
                assertThat(renewing.offer(grant, 10, TimeUnit.SECONDS)).isTrue();
                assertThat(here.release(grant)).isTrue();
            }
            renewer.get(30, TimeUnit.SECONDS);

            assertThat(locksLeft()).isEmpty();
        }
    }

    @Test
    void afterTheLastReleaseNothingIsRenewedAnyMore() {
        Duration lease = Duration.ofMillis(600);
        LockOptions options = LockOptions.defaults().leaseTime(lease);
        try (Locks locks = Locks.builder(here).build()) {
            for (int i = 0; i < 100; i++) {
                List<HeldLock> held = IntStream.range(0, 20)
                        .mapToObj(n -> locks.acquire(key(), options))
                        .toList();
                held.forEach(HeldLock::close);
            }
            HeldLock renewed = locks.acquire(key(), options);
            Awaitility.await().until(() -> Server.calls(redis.text("INFO", "commandstats"), "pexpireat") >= 2);
            renewed.close();
            assertThat(locksLeft()).isEmpty();
            redis.run("CONFIG", "RESETSTAT");

            Awaitility.await()
                    .during(lease.multipliedBy(2))
                    .atMost(lease.multipliedBy(4))
                    .until(() -> Server.calls(redis.text("INFO", "commandstats"), "evalsha") == 0);
        }
    }
}
