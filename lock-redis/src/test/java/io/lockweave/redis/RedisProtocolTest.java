package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the protocol costs and how it behaves at its edges, seen from the server. */
@Timeout(60)
class RedisProtocolTest extends OnOneRedis {

    private final RedisBackend there = Backends.open(RedisClients.JEDIS, server.uri());

    @AfterEach
    void closeOther() {
        there.close();
    }

    private static long calls(String command) {
        return Server.calls(redis.text("INFO", "commandstats"), command);
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void anUncontendedLockCostsOneCommandToTakeAndOneToGiveBack(RedisClients client) {
        try (RedisBackend asked = Backends.open(client, server.uri())) {
            asked.release(granted(asked, exclusive(key)));
            redis.run("CONFIG", "RESETSTAT");

            for (int i = 0; i < 50; i++) {
                asked.release(granted(asked, Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 100, true)));
            }

            assertThat(calls("evalsha")).isEqualTo(100);
            assertThat(calls("eval")).isZero();
            assertThat(calls("subscribe")).as("nobody had to wait").isZero();
            assertThat(calls("publish")).isZero();
        }
    }

    @Test
    void aReleaseLetsTheNextWaiterInWithoutAFurtherCommand() {
        aReleaseLetsTheNextWaiterIn(2); // the first one is the short one, which finds that somebody waits

        aReleaseLetsTheNextWaiterIn(1);
    }

    private void aReleaseLetsTheNextWaiterIn(long calls) {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter waiter = Waiter.exclusive(there, key)) {
            redis.run("CONFIG", "RESETSTAT");

            backend.release(grant);
            Grant next = waiter.awaitGrant();

            assertThat(next.owner()).isEqualTo(waiter.claim.owner());
            assertThat(next.fence()).isGreaterThan(grant.fence() + grant.fences() - 1);
            assertThat(calls("evalsha")).isEqualTo(calls);
            assertThat(calls("publish")).isEqualTo(1);
            busy(backend, exclusive(key));
            assertThat(there.release(next)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void tenFreeKeysCostOneCommandToTakeTogether(RedisClients client) {
        List<LockKey> keys = IntStream.range(0, 10).mapToObj(i -> key()).toList();
        try (Locks locks = Locks.builder(Backends.open(client, server.uri())).build()) {
            locks.acquireAll(keys).close(); // the script is known then
            long before = calls("evalsha");

            try (HeldLock all = locks.acquireAll(keys)) {
                assertThat(calls("evalsha") - before).isEqualTo(1);
                assertThat(all.parts()).hasSize(10);
            }
        }
    }

    @Test
    void theDeadInTheMiddleOfAQueueAreClearedAwayWhileTheirHeadGoesOnAsking() {
        Grant grant = granted(backend, exclusive(key));
        Claim head = Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);
        Claim dead = Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);
        Claim last = Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true);
        List.of(head, dead, last).forEach(claim -> busy(there, claim));
        String queue = RedisKeys.of(key).queue();
        String entry = redis.text("HGET", queue, "#2");
        redis.run("HSET", queue, "#2", entry.replaceFirst(" \\d+ ", " 1 "), "s", "1"); // the time to look has come

        busy(there, last);

        assertThat(Server.queued(redis, key)).isEqualTo(2);
        assertThat(redis.text("HGET", queue, "#1")).startsWith(head.owner());
        assertThat(redis.text("HGET", queue, "#3")).startsWith(last.owner());
        List.of(head, last).forEach(there::withdraw);
        assertThat(redis.text("EXISTS", queue)).as("nothing is left").isEqualTo("0");
        assertThat(backend.release(grant)).isTrue();
    }

    @Test
    void aReleaseWakesOneWaiterAndNotAll() {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter first = Waiter.exclusive(there, key);
                Waiter second = Waiter.exclusive(there, key);
                Waiter third = Waiter.exclusive(there, key)) {
            backend.release(grant);
            Grant next = first.awaitGrant();

            assertThat(second.next(Duration.ofMillis(100))).isNull();
            there.release(next);
            there.release(second.awaitGrant());
            there.release(third.awaitGrant());
        }
    }

    @Test
    void aWaiterThatListensAlreadyNeedNotTryTwice() {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter first = Waiter.exclusive(there, key)) {
            redis.run("CONFIG", "RESETSTAT");
            try (Waiter second = Waiter.exclusive(there, key)) {
                assertThat(calls("evalsha")).isEqualTo(1);
                backend.release(grant);
                there.release(first.awaitGrant());
                there.release(second.awaitGrant());
            }
        }
    }

    @Test
    void aGrantThatComesBeforeTheWatchIsKeptForIt() {
        try (Waiter listening = waiterOnAnotherKey()) {
            Grant grant = granted(backend, exclusive(key));
            Claim claim = Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 100, true);
            busy(there, claim);
            backend.release(grant);
            CompletableFuture<Grant> heard = new CompletableFuture<>();

            var watch = there.watch(claim, new io.lockweave.spi.Waker() {
                @Override
                public void wake() {}

                @Override
                public void granted(Grant granted, Duration lease) {
                    heard.complete(granted);
                }
            });

            assertThat(watch.missedNothing()).isTrue();
            assertThat(heard.orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                            .join()
                            .claim())
                    .isEqualTo(claim);
            watch.close();
        }
    }

    private Waiter waiterOnAnotherKey() {
        LockKey other = key();
        granted(backend, exclusive(other));
        return Waiter.exclusive(there, other);
    }

    @Test
    void aWaiterWhoseClientIsGoneIsPassedOverAtOnce() {
        RedisBackend gone = Backends.open(RedisClients.JEDIS, server.uri());
        Grant grant = granted(backend, exclusive(key));
        Waiter dead = Waiter.exclusive(gone, key);
        try (Waiter alive = Waiter.exclusive(there, key)) {
            gone.close();
            Server.awaitNoListener(redis, 1);

            long start = System.nanoTime();
            backend.release(grant);
            Grant next = alive.awaitGrant();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
            assertThat(next.owner()).isNotEqualTo(dead.claim.owner());
        }
    }

    @Test
    void aGrantToAWaiterThatDoesNotReactEndsWithItsShortFirstLease() {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter frozen = Waiter.exclusive(there, key)) {
            backend.release(grant);
            frozen.awaitGrant(); // and never renews
            Duration left = busy(backend, exclusive(key)).retryAfter();

            assertThat(left).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        }
    }

    @Test
    void aGrantedWaiterThatAsksAgainGetsItsFullLease() {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter waiter = Waiter.exclusive(there, key)) {
            backend.release(grant);
            Grant pushed = waiter.awaitGrant();

            assertThat(granted(there, waiter.claim).fence()).isEqualTo(pushed.fence());
            assertThat(busy(backend, exclusive(key)).retryAfter()).isGreaterThan(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"EXCLUSIVE", "SHARED"})
    void aWaiterThatIsLetInByItsOwnTryGetsItsFullLease(LockMode mode) {
        RedisBackend gone = Backends.open(RedisClients.JEDIS, server.uri());
        granted(backend, exclusive(key));
        Waiter.of(gone, key, mode, 1, true);
        try (Waiter waiter = Waiter.of(there, key, mode, 1, true)) {
            gone.close();
            Server.awaitNoListener(redis, 1);
            redis.run("DEL", RedisKeys.of(key).lock());

            granted(there, waiter.claim); // past the head of the queue, who is passed over

            assertThat(busy(backend, exclusive(key)).retryAfter()).isGreaterThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void aHoldThatIsNotRenewedHasItsWholeLeaseAlsoAfterWaiting() {
        try (Locks mine = Locks.builder(backend).build();
                Locks others = Locks.builder(there).build()) {
            HeldLock first = others.acquire(key);
            LockOptions options = LockOptions.defaults().renew(false).leaseTime(Duration.ofSeconds(20));
            CompletableFuture<HeldLock> waiting = mine.acquireAsync(key, options);
            Server.awaitQueued(redis, key, 1);
            first.close();

            try (HeldLock second = waiting.join()) {
                assertThat(second.remaining()).isGreaterThan(Duration.ofSeconds(15));
            }
        }
    }

    @Test
    void sharedWaitersAtTheHeadEnterTogetherAndTheWriterBehindThemWaits() {
        Grant grant = granted(backend, exclusive(key));
        try (Waiter reader = Waiter.of(there, key, LockMode.SHARED, 1, false);
                Waiter otherReader = Waiter.of(there, key, LockMode.SHARED, 1, false);
                Waiter writer = Waiter.exclusive(there, key);
                Waiter lateReader = Waiter.of(there, key, LockMode.SHARED, 1, false)) {
            backend.release(grant);
            Grant one = reader.awaitGrant();
            Grant two = otherReader.awaitGrant();

            assertThat(one.fence() + one.fences() - 1).isLessThan(two.fence());
            assertThat(writer.next(Duration.ofMillis(50))).isNull();
            there.release(one);
            there.release(two);
            Grant three = writer.awaitGrant();
            assertThat(lateReader.next(Duration.ofMillis(50))).isNull();
            there.release(three);
            there.release(lateReader.awaitGrant());
        }
    }

    @Test
    void aReaderDoesNotOvertakeAWaitingWriterSoThatWritersDoNotStarve() {
        Grant reading = granted(backend, Claims.claim(key, LockMode.SHARED, 1, false, Claims.LEASE, 1, false));
        try (Waiter writer = Waiter.exclusive(there, key)) {
            busy(backend, Claims.claim(key, LockMode.SHARED, 1, false, Claims.LEASE, 1, false));
            backend.release(reading);
            there.release(writer.awaitGrant());
        }
    }

    @Test
    void whenAWriterGivesUpTheReadersBehindItEnter() {
        Grant reading = granted(backend, Claims.claim(key, LockMode.SHARED, 1, false, Claims.LEASE, 1, false));
        try (Waiter writer = Waiter.exclusive(there, key);
                Waiter reader = Waiter.of(there, key, LockMode.SHARED, 1, false)) {
            there.withdraw(writer.claim);

            assertThat(reader.awaitGrant().owner()).isEqualTo(reader.claim.owner());
            backend.release(reading);
        }
    }

    @Test
    void freePermitsGoToTheWaitersInOrder() {
        List<Grant> inside = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            inside.add(granted(backend, Claims.claim(key, LockMode.PERMIT, 3, false, Claims.LEASE, 1, false)));
        }
        try (Waiter first = Waiter.of(there, key, LockMode.PERMIT, 3, false);
                Waiter second = Waiter.of(there, key, LockMode.PERMIT, 3, false)) {
            backend.release(inside.get(1));
            first.awaitGrant();
            assertThat(second.next(Duration.ofMillis(50))).isNull();
            backend.release(inside.get(0));
            second.awaitGrant();
            busy(backend, Claims.claim(key, LockMode.PERMIT, 3, false, Claims.LEASE, 1, false));
        }
    }

    @Test
    void ofAHundredHoldsAllAreRenewedInOneCommand() {
        List<Grant> grants = IntStream.range(0, 1_000)
                .mapToObj(i -> granted(backend, exclusive(key())))
                .toList();
        redis.run("CONFIG", "RESETSTAT");

        List<Renewal> renewals = backend.renew(grants, Duration.ofSeconds(60));

        assertThat(renewals).hasSize(1_000).containsOnly(Renewal.HELD);
        assertThat(calls("evalsha")).isLessThanOrEqualTo(10);
        assertThat(Long.parseLong(
                        redis.text("PTTL", RedisKeys.of(grants.get(999).key()).lock())))
                .isBetween(55_000L, 60_000L);
    }

    @Test
    void nothingButTheCountersStaysInRedis() {
        for (int i = 0; i < 5_000; i++) {
            backend.release(granted(backend, exclusive(key())));
        }

        assertThat(Integer.parseInt(redis.text("DBSIZE"))).isLessThanOrEqualTo(256);
        assertThat((List<?>) redis.run("KEYS", "lw:{??}:fence")).hasSize(Integer.parseInt(redis.text("DBSIZE")));
    }

    @Test
    void aServerThatForgotItsScriptsIsTaughtAgain() {
        for (RedisClients client : RedisClients.values()) {
            try (RedisBackend asked = Backends.open(client, server.uri())) {
                Grant grant = granted(asked, exclusive(key));
                redis.run("SCRIPT", "FLUSH");

                assertThat(asked.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);
                assertThat(asked.release(grant)).isTrue();
            }
        }
    }
}
