package io.lockweave.redis;

import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.testservers.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** Fences grow whatever becomes of the server's data, at any rate of grants. */
@Timeout(60)
class RedisFenceTest {

    private static final int MOST = 999;

    private final RedisServer server = RedisServer.launch();
    private final RedisBackend backend = Backends.open(RedisClients.JEDIS, server.uri());
    private final LockKey key = key();

    @AfterEach
    void stop() {
        backend.close();
        server.close();
    }

    private static Claim greedy(LockKey key) {
        return Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1_000_000, false);
    }

    @Test
    void aGrantHasAtMost999Fences() {
        assertThat(granted(backend, greedy(key)).fences()).isEqualTo(MOST);
    }

    @Test
    void aCounterNeverGetsAheadOfTheClockAtTheHighestRateOfGrants() {
        backend.release(granted(backend, greedy(key)));
        List<Response<Object>> answers = new ArrayList<>();
        List<Long> fences = new ArrayList<>();
        try (RedisClient jedis = RedisClient.create("127.0.0.1", server.port());
                Pipeline pipeline = jedis.pipelined()) {
            String lock = RedisKeys.of(key).lock();
            String counter = RedisKeys.of(key).counter();
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 200; i++) {
                    String owner = String.format("%032x", i + 1);
                    answers.add(pipeline.evalsha(
                            RedisScript.TAKE_FREE.digest(),
                            List.of(lock, counter),
                            List.of("2 X " + owner + " ", "001 999 - p\nk", "30000", "9999999999999000")));
                    pipeline.evalsha(RedisScript.RELEASE_FREE.digest(), List.of(lock), List.of("2 X " + owner + " "));
                }
                // From here on the counter starts anew, a few microseconds after the last grant.
                pipeline.del(counter);
            }
            pipeline.sync();
            answers.forEach(answer -> fences.add(Long.parseLong(((List<?>) answer.get()).get(0) + "001")));
        }
        for (int i = 1; i < fences.size(); i++) {
            assertThat(fences.get(i)).as("fence %d", i).isGreaterThan(fences.get(i - 1) + MOST - 1);
        }
    }

    @Test
    void manySharedWaitersLetInByOneReleaseKeepTheCounterBehindTheClock() {
        Grant writing = granted(backend, exclusive(key));
        List<Waiter> readers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            readers.add(
                    new Waiter(backend, Claims.claim(key, LockMode.SHARED, 1, false, Claims.LEASE, 1_000_000, true)));
        }
        backend.release(writing);
        List<Long> ends = new ArrayList<>();
        // As many as one script may give fences to; the others come with the next step of anybody.
        for (int i = 0; i < 50; i++) {
            Grant grant = readers.get(i).awaitGrant();
            ends.add(grant.fence() + grant.fences() - 1);
        }
        assertThat(ends).isSorted();
        assertThat(ends.get(49) - ends.get(0)).isLessThan(1_000);
        for (int i = 50; i < 60; i++) {
            granted(backend, readers.get(i).claim);
        }
        server.run("FLUSHALL");
        assertThat(granted(backend, exclusive(key)).fence()).isGreaterThan(ends.get(49));
    }

    @Test
    void fencesGrowOverARestartWithoutPersistence() {
        Grant before = granted(backend, greedy(key));
        server.kill();
        server.start();

        Grant after = granted(backend, greedy(key));

        assertThat(after.fence()).isGreaterThan(before.fence() + MOST - 1);
        assertThat(backend.release(before))
                .as("the first holder's lock is gone")
                .isFalse();
        assertThat(backend.release(after)).isTrue();
    }

    @Test
    void aCounterAheadOfTheClockIsCountedOnSoThatAClockSetBackDoesNoHarm() {
        String counter = RedisKeys.of(key).all().get(1);
        server.run("SET", counter, "9000000000000000001");

        Grant first = granted(backend, greedy(key));
        backend.release(first);
        Grant second = granted(backend, exclusive(key));

        assertThat(first.fence()).isEqualTo(9_000_000_000_000_000_002L);
        assertThat(second.fence()).isEqualTo(first.fence() + MOST);
    }
}
