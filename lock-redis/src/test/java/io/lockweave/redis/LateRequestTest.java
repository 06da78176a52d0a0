package io.lockweave.redis;

import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 18: a request that reaches the server after its client has given it up takes the lock for nobody. */
@Timeout(60)
class LateRequestTest {

    private static RedisServer server;

    /** Time-outs: one that is soon over, and one within which more is done even on a slow machine. */
    private static final Duration SHORT = Duration.ofMillis(400);

    private static final Duration LONG = Duration.ofSeconds(4);

    private final LateTransport late = transport(SHORT);
    private final RedisBackend store = RedisBackend.over(late);
    private final LockKey key = key();

    private static LateTransport transport(Duration timeout) {
        return new LateTransport(
                RedisClients.JEDIS.open(RedisAddress.parse(server.uri()), Duration.ofSeconds(1), timeout));
    }

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
        store.close();
    }

    private static void rest(Duration time) {
        Awaitility.await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    private boolean isFree() {
        return server.run("EXISTS", RedisKeys.of(key).lock(), RedisKeys.of(key).queue())
                .equals("0");
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void rule18_aTakeThatArrivesAfterItsTimeOutDoesNothing(LockMode mode) {
        Claim claim = claim(key, mode, mode == LockMode.PERMIT ? 2 : 1, false, Claims.LEASE, 1, true);
        late.holdUp(RedisScript.TAKE_FREE, RedisScript.ACQUIRE);
        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> store.tryAcquire(claim));
        Grant grant = granted(store, claim.inTry(2));
        assertThat(store.release(grant)).isTrue();
        rest(late.timeout());

        late.arrive();

        assertThat(isFree()).isTrue();
    }

    @Test
    void rule18_aTakeThatArrivesAfterItsTimeOutIsNotQueuedEither() {
        Grant other = granted(store, exclusive(key));
        Claim claim = claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);
        late.holdUp(RedisScript.ACQUIRE);
        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> store.tryAcquire(claim));
        store.withdraw(claim);
        rest(late.timeout());

        late.arrive();

        assertThat(server.run("EXISTS", RedisKeys.of(key).queue())).isEqualTo("0");
        store.release(other);
    }

    @Test
    void rule18_aForcedReleaseThatArrivesLateFreesNobody() {
        late.holdUp(RedisScript.FORCE);
        assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> store.forceRelease(key));
        rest(late.timeout());
        Grant innocent = granted(store, exclusive(key));

        late.arrive();

        assertThat(store.release(innocent)).isTrue();
    }

    @Test
    void rule18_whatArrivesWithinTheTimeOutButAfterTheReleaseIsWithdrawn() {
        LateTransport network = transport(LONG);
        try (Locks locks = Locks.builder(RedisBackend.over(network)).build()) {
            locks.acquire(key).close();
            network.holdUp(RedisScript.TAKE_FREE);
            HeldLock held = locks.acquire(key); // with the second try
            held.close();

            network.arrive();

            assertThat(isFree()).as("it came in time").isFalse();
            Awaitility.await().atMost(LONG.plusSeconds(3)).until(this::isFree);
        }
    }

    @Test
    void rule18_whatArrivesWithinTheTimeOutButAfterTheWithdrawalIsWithdrawn() {
        LateTransport network = transport(LONG);
        try (Locks locks = Locks.builder(RedisBackend.over(network)).build()) {
            locks.acquire(key).close();
            network.holdUp(RedisScript.TAKE_FREE);
            LockOptions atOnce = LockOptions.defaults().waitTime(Duration.ZERO);
            assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> locks.tryAcquire(key, atOnce));
            Awaitility.await().until(() -> network.runs(RedisScript.RELEASE) >= 1);

            network.arrive();

            assertThat(isFree()).as("it came in time").isFalse();
            Awaitility.await().atMost(LONG.plusSeconds(3)).until(this::isFree);
        }
    }

    @Test
    void aServerWhoseClockWasSetIsLearnedAnewWithinTheCall() {
        ServerClocks clocks = new ServerClocks(false);
        RedisKeys keys = RedisKeys.of(key);
        long second = Duration.ofSeconds(1).toNanos();
        clocks.said(keys, 100_000, 0, second / 100);
        assertThat(clocks.after(keys, second, Duration.ofSeconds(2))).isEqualTo(102_990);

        clocks.said(keys, 101_100, second, second + second / 2); // a slow answer says less
        assertThat(clocks.after(keys, second, Duration.ofSeconds(2))).isEqualTo(102_990);
        clocks.said(keys, 50_000, 2 * second, 2 * second + second / 100); // set back
        assertThat(clocks.after(keys, 2 * second, Duration.ofSeconds(2))).isEqualTo(51_990);
        clocks.said(keys, 90_000, 3 * second, 3 * second); // set forward
        assertThat(clocks.after(keys, 3 * second, Duration.ofSeconds(2))).isEqualTo(92_000);
    }
}
