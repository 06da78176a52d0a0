package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.testservers.redis.RedisSentinels;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fail-over by Sentinel while a lock is held and waited for. */
@Timeout(120)
class RedisSentinelIT {

    private final RedisSentinels servers = RedisSentinels.start();

    @AfterEach
    void stop() {
        servers.close();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aHeldLockSurvivesAFailoverAndItsWaiterGetsItAfterwards(RedisClients client) throws Exception {
        LockKey key = LockKey.of("sentinel", client);
        LockOptions patient = LockOptions.defaults().waitTime(Duration.ofSeconds(60));
        try (Locks here = Locks.builder(Backends.open(client, servers.uri()))
                        .leaseTime(Duration.ofSeconds(20))
                        .build();
                Locks there = Locks.builder(Backends.open(client, servers.uri()))
                        .leaseTime(Duration.ofSeconds(20))
                        .build()) {
            HeldLock held = here.acquire(key);
            CompletableFuture<HeldLock> waiting = there.acquireAsync(key, patient);
            try (RedisWire redis = new RedisWire(servers.master().port())) {
                Server.awaitQueued(redis, key, 1);
            }
            servers.replicated();

            servers.master().kill();
            servers.awaitFailover();

            here.acquire(LockKey.of("another", client), patient).close();
            assertThat(held.isHeld()).isTrue();
            assertThat(waiting).isNotDone();
            held.close();
            try (HeldLock next = waiting.orTimeout(10, TimeUnit.SECONDS).join()) {
                assertThat(next.fence()).isGreaterThan(held.fence());
            }
        }
    }
}
