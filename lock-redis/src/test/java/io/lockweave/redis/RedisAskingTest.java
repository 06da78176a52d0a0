package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often those ask who wait in the queue, and when they count as dead. */
@Timeout(60)
class RedisAskingTest extends OnOneRedis {

    private static final int MANY = 60;

    private final RedisKeys keys = RedisKeys.of(key);

    private List<Claim> queued(RedisBackend asked, LockMode mode, int claims) {
        List<Claim> all = Stream.generate(() -> claim(key, mode, 1, false, Claims.LEASE, 1, true))
                .limit(claims)
                .toList();
        all.forEach(claim -> busy(asked, claim));
        return all;
    }

    /** In how many milliseconds a claim counts as dead. */
    private long deadIn(Claim claim) {
        String place = redis.text("HGET", keys.queue(), claim.owner());
        String entry = redis.text("HGET", keys.queue(), "#" + place);
        List<?> time = (List<?>) redis.run("TIME");
        long now = Long.parseLong("" + time.get(0)) * 1_000 + Long.parseLong("" + time.get(1)) / 1_000;
        return Long.parseLong(entry.split(" ")[1]) - now;
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"EXCLUSIVE", "SHARED"})
    void theMoreWaitTheLessOftenEachOfThemAsks(LockMode mode) {
        granted(backend, exclusive(key));

        List<Claim> claims = queued(backend, mode, 2);
        busy(backend, claims.get(0));
        assertThat(deadIn(claims.get(0))).as("three times a second").isBetween(1L, 3_000L);

        claims = queued(backend, mode, MANY);
        assertThat(deadIn(claims.get(0)))
                .as("three times a second, as at each first try")
                .isBetween(1L, 3_000L);
        busy(backend, claims.get(0));
        assertThat(deadIn(claims.get(0))).as("three times five seconds").isBetween(12_000L, 15_000L);
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"EXCLUSIVE", "SHARED"})
    void whoAsksWhenFewAreLeftKeepsThePlacesOfThoseWhoWereToldToAskSeldom(LockMode mode) {
        granted(backend, exclusive(key));
        List<Claim> claims = queued(backend, mode, MANY);
        claims.forEach(claim -> busy(backend, claim));
        claims.subList(5, MANY).forEach(backend::withdraw);

        busy(backend, claims.get(0));

        assertThat(deadIn(claims.get(0))).isLessThan(3_001);
        assertThat(Long.parseLong(redis.text("PTTL", keys.queue()))).isGreaterThan(10_000);
    }

    @Test
    void inAClusterAllAskEachSecondForAMessageMayBeLostThere() {
        try (RedisTransport transport = Backends.transport(RedisClients.JEDIS, server.uri())) {
            RedisBackend clustered = RedisBackend.over((RedisTransport) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {RedisTransport.class}, (proxy, method, arguments) -> {
                        try {
                            return method.getName().equals("cluster") ? true : method.invoke(transport, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
            granted(backend, exclusive(key));

            List<Claim> claims = queued(clustered, LockMode.EXCLUSIVE, MANY);
            busy(clustered, claims.get(MANY - 1));

            assertThat(deadIn(claims.get(MANY - 1))).isBetween(1L, 3_000L);
        }
    }
}
