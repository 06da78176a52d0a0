package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients send a request again when its answer is lost: whatever is sent twice is done once. */
@Timeout(60)
class RedisRepeatTest {

    private static RedisServer server;

    private final RedisBackend twice =
            RedisBackend.over(new RepeatingTransport(Backends.transport(RedisClients.JEDIS, server.uri())));
    private final RedisBackend once = Backends.open(RedisClients.JEDIS, server.uri());
    private final LockKey key = key();

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void close() {
        twice.close();
        once.close();
    }

    private static Claim waiting(LockKey key, LockMode mode, int permits) {
        return claim(key, mode, permits, false, Claims.LEASE, 100, true);
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void aClaimThatIsSentTwiceIsQueuedOnce(LockMode mode) {
        int permits = mode == LockMode.PERMIT ? 2 : 1;
        Grant first = granted(once, exclusive(key));

        busy(twice, waiting(key, mode, permits));
        busy(twice, waiting(key, mode, permits));

        assertThat(server.run("HLEN", RedisKeys.of(key).queue()))
                .as("two places")
                .isEqualTo("7");
        once.release(first);
    }

    @Test
    void aWaiterWhoseClaimWasSentTwiceIsGrantedTheLockOnce() {
        Grant first = granted(once, exclusive(key));
        try (Waiter waiter = Waiter.exclusive(twice, key);
                Waiter behind = Waiter.exclusive(once, key)) {
            once.release(first);
            once.release(waiter.awaitGrant()); // once: the second of two answers says that it is not held

            once.release(behind.awaitGrant());

            assertThat(behind.next(Duration.ofMillis(50))).isNull();
            assertThat(once.find(key)).as("nobody's").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void whatIsTakenRenewedAndReleasedTwiceIsFree(LockMode mode) {
        int permits = mode == LockMode.PERMIT ? 2 : 1;
        Grant grant = granted(twice, waiting(key, mode, permits));
        assertThat(twice.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);
        assertThat(once.find(key).orElseThrow().holders()).hasSize(1);

        twice.release(grant);

        Grant next = granted(once, exclusive(key));
        assertThat(next.fence()).isGreaterThan(grant.fence() + grant.fences() - 1);
        once.release(next);
    }
}
