package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shared locks and semaphores: what is stored of their holders, for how long, and that nothing reads all of them. */
@Timeout(60)
class RedisHoldersTest extends OnOneRedis {

    private static final Duration SHORT = Duration.ofMillis(200);

    private final RedisKeys keys = RedisKeys.of(key);

    private Claim permit(int permits, Duration lease) {
        return Claims.claim(key, LockMode.PERMIT, permits, false, lease, 1, false);
    }

    private long left(String name) {
        return Long.parseLong(redis.text("PTTL", name));
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"SHARED", "PERMIT"})
    void noCallReadsAllHolders(LockMode mode) {
        int permits = mode == LockMode.PERMIT ? 100 : 1;
        List<Grant> held = IntStream.range(0, 100)
                .mapToObj(i -> granted(backend, Claims.claim(key, mode, permits, false, Claims.LEASE, 1, false)))
                .toList();
        redis.run("CONFIG", "RESETSTAT");

        busy(backend, mode == LockMode.PERMIT ? permit(permits, Claims.LEASE) : exclusive(key));
        assertThat(backend.renew(held, Claims.LEASE)).containsOnly(Renewal.HELD);
        assertThat(backend.release(held.get(50))).isTrue();

        String stats = redis.text("INFO", "commandstats");
        assertThat(Server.calls(stats, "hgetall") + Server.calls(stats, "hvals"))
                .isZero();
        assertThat(Server.calls(stats, "zrange")).isBetween(1L, 10L);
    }

    @Test
    void aDeadHolderAndWhatIsKnownOfItAreClearedAwayByTheNextCall() {
        granted(backend, permit(2, Claims.LEASE));
        Claim dead = permit(2, SHORT);
        granted(backend, dead);
        await().until(() -> backend.find(key).orElseThrow().holders().size() == 1);

        granted(backend, permit(2, Claims.LEASE));

        assertThat(redis.text("ZSCORE", keys.lock(), dead.owner())).isEqualTo("null");
        assertThat(redis.text("HEXISTS", keys.details(), dead.owner())).isEqualTo("0");
        assertThat(redis.text("ZCARD", keys.lock())).isEqualTo("3");
        assertThat(redis.text("HLEN", keys.details())).isEqualTo("3");
    }

    @Test
    void whereAllHoldersAreDeadNothingStays() {
        granted(backend, permit(2, SHORT));
        granted(backend, permit(2, SHORT));

        await().until(() -> redis.text("EXISTS", keys.lock(), keys.details()).equals("0"));
    }

    @Test
    void theyStayAsLongAsTheLeaseThatEndsLast() {
        Grant longest = granted(backend, permit(3, Duration.ofSeconds(60)));
        granted(backend, permit(3, Duration.ofSeconds(10)));
        Grant renewed = granted(backend, permit(3, Duration.ofSeconds(10)));

        assertThat(left(keys.lock())).isGreaterThan(55_000);
        assertThat(left(keys.details())).isGreaterThan(55_000);
        assertThat(backend.renew(List.of(renewed), Duration.ofSeconds(90))).containsExactly(Renewal.HELD);
        assertThat(left(keys.lock())).isGreaterThan(85_000);
        assertThat(left(keys.details())).isGreaterThan(85_000);

        assertThat(backend.release(renewed)).isTrue();
        assertThat(left(keys.lock())).isBetween(50_000L, 60_000L);
        assertThat(backend.release(longest)).isTrue();
        assertThat(left(keys.lock())).isBetween(5_000L, 10_000L);
    }

    @Test
    void aRenewalAfterTheLeaseRevivesNobody() {
        granted(backend, permit(2, Claims.LEASE));
        Grant over = granted(backend, permit(2, SHORT));
        await().until(() -> backend.find(key).orElseThrow().holders().size() == 1);

        assertThat(backend.renew(List.of(over), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.release(over)).isFalse();
    }

    @Test
    void aSemaphoreTellsItsFirstLeaseEndAndOneOfItsHolders() {
        granted(backend, permit(2, Duration.ofSeconds(60)));
        Grant first = granted(backend, permit(2, Duration.ofSeconds(20)));

        var busy = busy(backend, permit(2, Claims.LEASE));

        assertThat(busy.retryAfter()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
        assertThat(busy.holder().owner()).isEqualTo(first.owner());
        assertThat(busy.holder().fence()).isEqualTo(first.fence());
        assertThat(busy.holder().place().host()).isEqualTo("host");
    }

    @Test
    void whereWhatIsKnownWasEvictedNothingButTheTextIsMissing() {
        Claim claim = permit(2, Claims.LEASE);
        Grant grant = granted(backend, claim);
        Grant other = granted(backend, permit(2, Claims.LEASE));
        redis.run("DEL", keys.details());

        assertThat(backend.find(key).orElseThrow().holders()).hasSize(2);
        assertThat(busy(backend, permit(2, Claims.LEASE)).holder()).isNull();
        assertThat(granted(backend, claim).fence()).isGreaterThan(grant.fence());
        assertThat(left(keys.details())).isPositive();
        assertThat(backend.renew(List.of(grant, other), Claims.LEASE)).containsOnly(Renewal.HELD);
        assertThat(backend.release(grant)).isTrue();
        assertThat(backend.release(other)).isTrue();
        assertThat(redis.text("EXISTS", keys.lock(), keys.details())).isEqualTo("0");
    }

    @Test
    void anOperatorFreesTheWholeSemaphore() {
        granted(backend, permit(2, Claims.LEASE));

        assertThat(backend.forceRelease(key)).isTrue();

        assertThat(redis.text("EXISTS", keys.lock(), keys.details())).isEqualTo("0");
    }
}
