package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JVMs that cannot be told apart by host, process, thread or configuration, as copies of a container are. */
@Timeout(60)
class RedisTwinsTest {

    private static RedisServer server;

    private final LockKey key = key();

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aTwinNeitherSharesNorRenewsNorFreesTheOthersLock() {
        try (RedisBackend one = Backends.open(RedisClients.JEDIS, server.uri());
                RedisBackend other = Backends.open(RedisClients.JEDIS, server.uri())) {
            Claim claim = exclusive(key);
            Claim twins = exclusive(key);
            assertThat(twins.place()).isEqualTo(claim.place());
            Grant grant = granted(one, claim);

            busy(other, twins);
            assertThat(other.renew(List.of(new Grant(twins, grant.fence(), 1)), Claims.LEASE))
                    .containsExactly(Renewal.LOST);
            assertThat(other.release(new Grant(twins, grant.fence(), 1))).isFalse();
            assertThat(one.release(grant)).isTrue();
        }
    }

    @Test
    void theSameThreadOfATwinEngineDoesNotReenter() {
        try (Locks one = Locks.builder(Backends.open(RedisClients.JEDIS, server.uri()))
                        .build();
                Locks twin = Locks.builder(Backends.open(RedisClients.JEDIS, server.uri()))
                        .build();
                HeldLock held = one.acquire(key)) {
            assertThat(twin.tryAcquire(key, LockOptions.defaults().waitTime(Duration.ZERO)))
                    .isEmpty();
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    void twoProcessesStartedAlikeTakeTurns() {
        var recipe = ForkedHolder.Recipe.of(Backends.class, RedisClients.JEDIS.name(), server.uri());
        LockKey full = key.in("lockweave");
        try (RedisWire redis = new RedisWire(server.port());
                ForkedHolder one = ForkedHolder.start(recipe, full, Claims.LEASE)) {
            long fence = one.awaitHeld();
            try (ForkedHolder twin = ForkedHolder.start(recipe, full, Claims.LEASE)) {
                Server.awaitQueued(redis, full, 1);
                one.release();
                assertThat(twin.awaitHeld()).isGreaterThan(fence);
                twin.release();
            }
        }
    }
}
