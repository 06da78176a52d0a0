package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What lies under the names of locks: values of ours, and what somebody else left there. */
@Timeout(60)
class RedisStoredValuesTest extends OnOneRedis {

    @Test
    void ofSeveralLocksWithAForeignValueNoneIsTakenTogether() {
        List<Claim> claims = List.of(exclusive(key()), exclusive(key));
        for (String[] foreign : List.of(
                new String[] {"SET", RedisKeys.of(key).lock(), "3 X something"},
                new String[] {"HSET", RedisKeys.of(key).lock(), "lw", "3 X 1"},
                new String[] {"SADD", RedisKeys.of(key).lock(), "what"})) {
            redis.run("FLUSHALL");
            redis.run(foreign);

            assertThat(backend.tryAcquireAll(claims)).isEqualTo(JointAttempt.Apart.APART);
            assertThat(redis.text("DBSIZE")).isEqualTo("1");
        }
    }

    @Test
    void aValueOfAnotherFormatIsLockedBySomebodyAndNeverTouched() {
        String lock = RedisKeys.of(key).lock();
        redis.run("HSET", lock, "lw", "3 X 1", "what", "ever");
        Claim claim = exclusive(key);

        assertThat(busy(backend, claim).holder()).isNull();
        backend.withdraw(claim);
        assertThat(backend.renew(List.of(new Grant(claim, 1, 1)), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.find(key).orElseThrow().holders()).hasSize(1);
        assertThat(redis.text("HGETALL", lock)).isEqualTo("[lw, 3 X 1, what, ever]");
        assertThat(backend.forceRelease(key)).as("by an operator only").isTrue();
        backend.release(granted(backend, claim));
    }

    @Test
    void aValueOfAnotherTypeIsLockedBySomebodyAndNeverTouched() {
        String lock = RedisKeys.of(key).lock();
        redis.run("SET", lock, "3 X something");
        redis.run("PEXPIRE", lock, "10000");
        Claim claim = exclusive(key);

        assertThat(busy(backend, claim).retryAfter()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        backend.withdraw(claim);
        assertThat(backend.renew(List.of(new Grant(claim, 1, 1)), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.list(10)).hasSize(1);
        assertThat(redis.text("GET", lock)).isEqualTo("3 X something");
    }

    @Test
    void aSerializedJavaObjectIsLockedBySomebodyAndNeverRead() {
        String lock = RedisKeys.of(key).lock();
        String write = "redis.call('SET', KEYS[1], '\\172\\237\\000\\005sr\\000\\021java.util.HashMap')";
        redis.run("EVAL", write, "1", lock);

        assertThat(busy(backend, exclusive(key)).holder()).isNull();
        assertThat(backend.find(key).orElseThrow().key()).contains("another version");
        assertThat(redis.text("STRLEN", lock)).isEqualTo("25");
    }

    @Test
    void aValueOfYetAnotherTypeIsLockedBySomebodyAndNeverTouched() {
        String lock = RedisKeys.of(key).lock();
        redis.run("SADD", lock, "what");
        Claim claim = exclusive(key);

        assertThat(busy(backend, claim).retryAfter()).isNull();
        backend.withdraw(claim);
        assertThat(backend.renew(List.of(new Grant(claim, 1, 1)), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.list(10)).hasSize(1);
        assertThat(redis.text("SMEMBERS", lock)).isEqualTo("[what]");
    }

    @Test
    void keysOfAllTagsShareTheSlotOfTheirCounter() {
        RedisKeys keys = RedisKeys.of(key);

        assertThat(keys.all()).allSatisfy(k -> assertThat(k).startsWith("lw:{" + keys.tag() + "}:"));
        assertThat(keys.tag()).matches("[0-9a-f]{2}");
        assertThat(RedisKeys.ofLock(keys.lock())).isEqualTo(keys);
    }

    @Test
    void whatIsStoredIsAsciiOnly() {
        LockKey strange = LockKey.of("stra\u00dfe", "\ud83d\ude00\r\n\u0000{x}");
        granted(backend, exclusive(strange.in("lockweave")));

        String stored = redis.text("GET", RedisKeys.of(strange.in("lockweave")).lock());

        assertThat(stored).matches("\\p{ASCII}+").doesNotContain("\r", "\u0000");
    }
}
