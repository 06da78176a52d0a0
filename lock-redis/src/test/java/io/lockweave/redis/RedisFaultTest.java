package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
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
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults of the network and the server, with each client. */
@Timeout(60)
class RedisFaultTest {

    /** A time-out of 1 s, perhaps twice where a client tries again, and the way there. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    private static RedisServer server;
    private static RedisWire redis;
    private static FaultProxy proxy;

    private final LockKey key = key();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
        redis = new RedisWire(server.port());
        proxy = FaultProxy.to("127.0.0.1", server.port());
    }

    @AfterAll
    static void stop() {
        proxy.close();
        redis.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        redis.run("FLUSHALL");
    }

    @AfterEach
    void close() throws Exception {
        proxy.heal();
        for (AutoCloseable open : opened) {
            open.close();
        }
    }

    private RedisBackend throughProxy(RedisClients client) {
        return opened(Backends.open(client, "redis://127.0.0.1:" + proxy.port()));
    }

    private <T extends AutoCloseable> T opened(T open) {
        opened.add(0, open);
        return open;
    }

    private static void failsInTime(Runnable call) {
        long start = System.nanoTime();
        assertThatExceptionOfType(LockBackendException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.retryable()).isTrue())
                .satisfies(e -> assertThat(e.getCause()).isNotNull());
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aRequestThatIsLostEndsInTimeAndLeavesNothing(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        backend.release(granted(backend, exclusive(key)));
        proxy.blackholeUp();

        failsInTime(() -> backend.tryAcquire(exclusive(key)));

        assertThat(redis.text("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
        proxy.heal();
        backend.release(granted(backend, exclusive(key)));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aReplyThatIsLostIsRepairedByAskingAgain(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        backend.release(granted(backend, exclusive(key)));
        proxy.blackholeDown();
        Claim claim = exclusive(key);

        failsInTime(() -> backend.tryAcquire(claim));

        assertThat(redis.text("GET", RedisKeys.of(key).lock()))
                .as("the server had granted it")
                .contains(claim.owner());
        proxy.heal();
        Grant grant = granted(backend, claim);
        assertThat(backend.release(grant)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aReleaseWhoseAnswerIsLostIsARelease(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        Grant grant = granted(backend, exclusive(key));
        proxy.cutReplies(1);

        assertThat(backend.release(grant)).isTrue();

        assertThat(redis.text("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
        assertThat(backend.release(grant)).as("again, over a whole network").isFalse();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aCutConnectionIsReplaced(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        Grant grant = granted(backend, exclusive(key));
        proxy.resetAll();

        Awaitility.await().atMost(BOUND).until(() -> {
            try {
                return backend.renew(List.of(grant), Claims.LEASE).equals(List.of(Renewal.HELD));
            } catch (LockBackendException e) {
                assertThat(e.retryable()).isTrue();
                return false;
            }
        });
        assertThat(backend.release(grant)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aRefusedConnectionIsOneTypedFailure(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        backend.release(granted(backend, exclusive(key)));
        proxy.down();

        failsInTime(() -> backend.tryAcquire(exclusive(key)));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aFrozenServerIsOneTypedFailureInTime(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        backend.release(granted(backend, exclusive(key)));
        server.freeze();
        try {
            failsInTime(() -> backend.tryAcquire(exclusive(key)));
        } finally {
            server.resume();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void anInterruptedThreadTakesRenewsAndReleasesAndKeepsItsFlag(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        Thread.currentThread().interrupt();
        try {
            Grant grant = granted(backend, exclusive(key));
            assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);
            assertThat(backend.release(grant)).isTrue();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void anInterruptInTheMiddleOfACallDoesNotEndIt(RedisClients client) throws Exception {
        RedisBackend backend = throughProxy(client);
        backend.release(granted(backend, exclusive(key)));
        proxy.delay(Duration.ofMillis(100));
        AtomicInteger done = new AtomicInteger();
        Thread thread = new Thread(() -> {
            Grant grant = granted(backend, exclusive(key));
            if (backend.release(grant) && Thread.currentThread().isInterrupted()) {
                done.incrementAndGet();
            }
        });
        thread.start();
        while (thread.isAlive()) {
            thread.interrupt();
            thread.join(20);
        }

        assertThat(done).hasValue(1);
    }

    @Test
    void aServerWhoseMemoryIsFullRefusesLocksButRenewsThemTakesThemBackAndServesWhoWaits() {
        RedisBackend backend = opened(Backends.open(RedisClients.JEDIS, server.uri()));
        Grant first = granted(backend, exclusive(key));
        Grant reading =
                granted(backend, Claims.claim(key(), LockMode.SHARED, 1, false, Duration.ofSeconds(5), 1, false));
        try (Waiter waiter = Waiter.exclusive(backend, key)) {
            redis.run("CONFIG", "SET", "maxmemory", "1");

            failsWith("OOM", () -> backend.tryAcquire(exclusive(key())));
            assertThat(backend.renew(List.of(reading, first), Claims.LEASE)).containsOnly(Renewal.HELD);
            assertThat(backend.release(reading)).isTrue();
            assertThat(backend.release(first)).isTrue();
            assertThat(backend.release(waiter.awaitGrant())).isTrue();
        } finally {
            redis.run("CONFIG", "SET", "maxmemory", "0");
        }
    }

    private static void failsWith(String error, Runnable call) {
        assertThatExceptionOfType(LockBackendException.class)
                .isThrownBy(call::run)
                .satisfies(e -> assertThat(e.retryable()).isTrue())
                .withMessageContaining(error);
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aWaiterWhoseSubscriptionWasCutHearsOfReleasesAgain(RedisClients client) {
        RedisBackend backend = throughProxy(client);
        RedisBackend other = opened(Backends.open(RedisClients.JEDIS, server.uri()));
        Grant first = granted(other, exclusive(key));
        try (Waiter waiter = Waiter.exclusive(backend, key)) {
            redis.run("CLIENT", "KILL", "TYPE", "pubsub");

            assertThat(waiter.next(BOUND))
                    .as("listening again, so what was missed must be looked for")
                    .isEqualTo("woken");
            busy(backend, waiter.claim);
            other.release(first);

            backend.release(waiter.awaitGrant());
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aWaiterIsServedWithoutAnyMessages(RedisClients client) {
        Locks locks = opened(Locks.builder(throughProxy(client)).build());
        RedisBackend other = opened(Backends.open(RedisClients.JEDIS, server.uri()));
        Grant first = granted(other, exclusive(key));
        CompletableFuture<HeldLock> waiting = locks.acquireAsync(key);
        Server.awaitQueued(redis, key, 1);
        // Claims to be queued by a client whose messages go nowhere.
        RedisKeys keys = RedisKeys.of(key);
        redis.run("CLIENT", "KILL", "TYPE", "pubsub");
        redis.run("DEL", keys.queue());
        long start = System.nanoTime();
        other.release(first);

        waiting.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join().close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_800));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aRestartWithoutPersistenceLosesTheHoldAndSaysSo(RedisClients client) {
        RedisServer mortal = opened(RedisServer.launch());
        RedisBackend backend = opened(Backends.open(client, mortal.uri()));
        Grant grant = granted(backend, exclusive(key));
        mortal.kill();
        failsInTime(() -> backend.renew(List.of(grant), Claims.LEASE));
        mortal.start();

        awaitAnswer(
                () -> assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.LOST));
        assertThat(backend.release(grant)).isFalse();
        assertThat(mortal.run("EXISTS", RedisKeys.of(key).lock()))
                .as("never taken back")
                .isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aRestartWithAppendOnlyFileKeepsTheHold(RedisClients client) {
        RedisServer durable = opened(RedisServer.launch("--appendonly", "yes", "--appendfsync", "always"));
        RedisBackend backend = opened(Backends.open(client, durable.uri()));
        Grant grant = granted(backend, exclusive(key));
        durable.kill();
        durable.start();

        awaitAnswer(
                () -> assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD));
        busy(backend, exclusive(key));
        assertThat(backend.release(grant)).isTrue();
    }

    /** Clients need a moment, and a failed call or two, to see that a server is back. */
    private static void awaitAnswer(Runnable call) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .ignoreException(LockBackendException.class)
                .untilAsserted(call::run);
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aGrantWhoseAnswerTookLongerThanItsLeaseIsNotAcquired(RedisClients client) {
        Locks locks = opened(Locks.builder(throughProxy(client)).build());
        locks.acquire(key).close();
        proxy.delay(Duration.ofMillis(200));

        assertThat(locks.tryAcquire(
                        key,
                        LockOptions.defaults().leaseTime(Duration.ofMillis(300)).waitTime(Duration.ZERO)))
                .isEmpty();

        proxy.heal();
        Awaitility.await()
                .until(() ->
                        redis.text("EXISTS", RedisKeys.of(inNamespace()).lock()).equals("0"));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aHoldIsKeptOverASlowNetworkAndLostInTimeOverADeadOne(RedisClients client) {
        Locks locks = opened(Locks.builder(throughProxy(client)).build());
        RedisBackend other = opened(Backends.open(RedisClients.JEDIS, server.uri()));
        HeldLock held = locks.acquire(key, LockOptions.defaults().leaseTime(Duration.ofMillis(3_000)));
        // Half a second for an answer; a renewal is due every second. A request needs 250 ms to the server, which then
        // counts the lease: by so much the loss comes first, so by so much may a busy machine be late.
        proxy.delay(Duration.ofMillis(250));
        Awaitility.await()
                .during(Duration.ofMillis(3_500))
                .atMost(Duration.ofSeconds(7))
                .until(() -> held.isHeld() && !held.isLost());

        proxy.blackholeUp();
        CompletableFuture<Boolean> freeWhenLost = new CompletableFuture<>();
        held.onLost(lost -> freeWhenLost.complete(other.find(inNamespace()).isEmpty()));

        assertThat(freeWhenLost
                        .orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
                .as("it was declared lost before the server let anybody else in")
                .isFalse();
    }

    private LockKey inNamespace() {
        return key.in("lockweave");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void fiveHundredWaitersOfOneJvmAreOneWaiterForTheServer(RedisClients client) {
        Locks locks = opened(Locks.builder(throughProxy(client)).build());
        RedisBackend other = opened(Backends.open(RedisClients.JEDIS, server.uri()));
        Grant first = granted(other, exclusive(key));
        List<CompletableFuture<HeldLock>> waiting = new ArrayList<>();
        AtomicInteger served = new AtomicInteger();
        for (int i = 0; i < 500; i++) {
            waiting.add(locks.acquireAsync(key, LockOptions.defaults().waitTime(Duration.ofSeconds(30))));
        }
        waiting.forEach(future -> future.thenAccept(lock -> {
            served.incrementAndGet();
            lock.close();
        }));
        Server.awaitQueued(redis, key, 1);
        redis.run("CONFIG", "RESETSTAT");
        other.release(first);

        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();
        Awaitility.await().until(() -> served.get() == 500);
        String stats = redis.text("INFO", "commandstats");
        assertThat(Server.calls(stats, "evalsha")).as("500 turns").isLessThan(100);
        Awaitility.await()
                .until(() -> redis.text("EXISTS", RedisKeys.of(key).lock()).equals("0"));
    }
}
