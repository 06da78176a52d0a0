package io.lockweave.redis;

import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockOutage;
import io.lockweave.Locks;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real server that dies and comes back: claims are refused at once meanwhile. */
@Timeout(60)
class RedisOutageTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final LockOptions BRIEFLY = LockOptions.defaults().waitTime(Duration.ofMillis(50));

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void whileTheServerIsDeadClaimsAreRefusedAndWhenItIsBackTheyAreMade(RedisClients client) {
        LockKey key = key();
        try (RedisServer server = RedisServer.launch();
                Locks locks = Locks.builder(Backends.open(client, server.uri()))
                        .failFastAfter(Duration.ofMillis(300))
                        .build()) {
            locks.acquire(key).close();
            assertThat(locks.outage()).isEmpty();

            server.kill();
            await().atMost(BOUND).until(() -> failure(locks, key, BRIEFLY).contains("is not asked for"));
            assertThat(locks.outage()).map(LockOutage::refusesClaims).contains(true);

            server.start();
            await().atMost(BOUND).until(() -> failure(locks, key, BRIEFLY).isEmpty());
            assertThat(locks.outage()).isEqualTo(Optional.empty());
        }
    }

    /** What the claim fails with; empty if it gets the lock. */
    private static String failure(Locks locks, LockKey key, LockOptions options) {
        try {
            locks.acquire(key, options).close();
            return "";
        } catch (LockBackendException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
