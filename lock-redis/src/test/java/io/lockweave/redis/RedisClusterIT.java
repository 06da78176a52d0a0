package io.lockweave.redis;

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
import io.lockweave.testservers.redis.RedisCluster;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A Cluster of three masters and their replicas. */
@Timeout(120)
class RedisClusterIT {

    private static @Nullable RedisCluster cluster;

    @BeforeEach
    void start() {
        if (cluster == null) {
            cluster = RedisCluster.start();
        }
    }

    /** Ends the cluster, which a test has harmed; the next test starts another one. */
    private static void discard() {
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }

    @AfterAll
    static void stop() {
        discard();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void locksOfAllSlotsAreTakenRenewedListedPassedOnAndReleased(RedisClients client) {
        try (RedisBackend here = Backends.open(client, cluster.uri());
                RedisBackend there = Backends.open(client, cluster.uri())) {
            List<Grant> grants = IntStream.range(0, 600)
                    .mapToObj(i -> granted(here, exclusive(key())))
                    .toList();

            assertThat(here.renew(grants, Claims.LEASE)).hasSize(600).containsOnly(Renewal.HELD);
            assertThat(here.list(1_000)).hasSize(600);
            assertThat(here.list(10)).hasSize(10);
            for (int i = 0; i < 20; i++) {
                try (Waiter waiter = Waiter.exclusive(there, grants.get(i).key())) {
                    assertThat(here.release(grants.get(i))).isTrue();
                    Grant next = waiter.awaitGrant();
                    assertThat(next.fence()).isGreaterThan(grants.get(i).fence());
                    there.release(next);
                }
            }
            grants.subList(20, 600)
                    .forEach(grant -> assertThat(here.release(grant)).isTrue());
            assertThat(here.list(1_000)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void severalKeysOfSeveralSlotsAreTakenTogether(RedisClients client) {
        List<LockKey> keys =
                IntStream.range(0, 20).mapToObj(i -> LockKey.of("together", i)).toList();
        try (Locks here = Locks.builder(Backends.open(client, cluster.uri())).build();
                Locks there =
                        Locks.builder(Backends.open(client, cluster.uri())).build()) {
            try (HeldLock all = here.acquireAll(keys)) {
                assertThat(all.parts()).hasSize(20);
                assertThat(there.tryAcquire(keys.get(7))).isEmpty();
            }
            there.acquireAll(keys).close();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aWaiterThatIsGoneCostsTheNextNoMoreThanItsFirstLease(RedisClients client) {
        LockKey key = key();
        RedisBackend gone = Backends.open(client, cluster.uri());
        try (RedisBackend here = Backends.open(client, cluster.uri());
                Locks there =
                        Locks.builder(Backends.open(client, cluster.uri())).build()) {
            Grant first = granted(here, exclusive(key));
            Waiter.exclusive(gone, key);
            CompletableFuture<HeldLock> waiting = there.acquireAsync(key);
            try (RedisWire redis =
                    new RedisWire(cluster.masterOf(RedisKeys.of(key).lock()).port())) {
                Server.awaitQueued(redis, key, 2);
            }
            gone.close();

            here.release(first);

            waiting.orTimeout(4_500, TimeUnit.MILLISECONDS).join().close();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aHeldLockSurvivesAFailoverAndItsWaiterGetsItAfterwards(RedisClients client) {
        LockKey key = key();
        LockOptions patient = LockOptions.defaults().waitTime(Duration.ofSeconds(60));
        RedisServer master = cluster.masterOf(RedisKeys.of(key).lock());
        try (Locks here = Locks.builder(Backends.open(client, cluster.uri()))
                        .leaseTime(Duration.ofSeconds(30))
                        .build();
                Locks there = Locks.builder(Backends.open(client, cluster.uri()))
                        .leaseTime(Duration.ofSeconds(30))
                        .build()) {
            HeldLock held = here.acquire(key);
            CompletableFuture<HeldLock> waiting = there.acquireAsync(key, patient);
            try (RedisWire redis = new RedisWire(master.port())) {
                Server.awaitQueued(redis, key, 1);
                Server.awaitReplica(master, RedisKeys.of(key).lock() + ":any");
            }

            master.kill();
            cluster.awaitFailover(master);

            // Each client has its own pace at finding the new master; a release before that would fail and leave the
            // lease.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreException(LockBackendException.class)
                    .until(() -> here.isLocked(key));
            assertThat(held.isHeld()).isTrue();
            assertThat(waiting).isNotDone();
            held.close();
            try (HeldLock next = waiting.orTimeout(20, TimeUnit.SECONDS).join()) {
                assertThat(next.fence()).isGreaterThan(held.fence());
            }
        } finally {
            discard();
        }
    }

    /** Some keys of a lock have moved, or will be made where the slot moves to; that lasts until somebody ends it. */
    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aLockWhoseSlotIsMovingIsRenewedReleasedAndTakenWhenItHasMoved(RedisClients client) {
        LockKey key = key();
        LockKey waitedFor = key();
        Move move = new Move(cluster, key);
        try (RedisBackend backend = Backends.open(client, cluster.uri());
                Locks locks =
                        Locks.builder(Backends.open(client, cluster.uri())).build()) {
            Grant kept = granted(backend, exclusive(key));
            Grant other = granted(backend, exclusive(waitedFor));
            Claim withdrawn = exclusive(key);
            locks.acquire(key()).close(); // is connected

            move.begin();

            assertThat(backend.renew(List.of(kept, other), Claims.LEASE)).containsOnly(Renewal.HELD);
            backend.withdraw(withdrawn);
            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.tryAcquire(exclusive(key)))
                    .satisfies(e -> assertThat(e.retryable()).isTrue())
                    .withMessageContaining("TRYAGAIN");
            CompletableFuture<HeldLock> waiting =
                    locks.acquireAsync(key, LockOptions.defaults().waitTime(Duration.ofSeconds(20)));
            assertThat(backend.release(kept)).isTrue();
            assertThat(backend.release(other)).isTrue();

            move.end();
            waiting.orTimeout(20, TimeUnit.SECONDS).join().close();
        } finally {
            discard();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void permitsWhoseSlotIsMovingAreRenewedAndReleased(RedisClients client) {
        LockKey key = key();
        RedisKeys keys = RedisKeys.of(key);
        Move move = new Move(cluster, key);
        try (RedisBackend backend = Backends.open(client, cluster.uri())) {
            List<Grant> held = Stream.generate(() ->
                            granted(backend, Claims.claim(key, LockMode.PERMIT, 2, false, Claims.LEASE, 1, false)))
                    .limit(2)
                    .toList();
            move.begin(keys.details());

            assertThat(backend.renew(held, Duration.ofMinutes(5))).containsExactly(Renewal.HELD, Renewal.HELD);
            assertThat(Long.parseLong(move.from.run("PTTL", keys.lock()))).isGreaterThan(250_000);
            assertThat(backend.release(held.get(0))).isTrue();
            assertThat(backend.release(held.get(1))).isTrue();

            move.end();
            assertThat(move.to.run("EXISTS", keys.lock())).isEqualTo("0");
            assertThat(move.to.run("HLEN", keys.details()))
                    .as("of neither anything is known")
                    .isEqualTo("1");
        } finally {
            discard();
        }
    }

    @Test
    void aRedissonOfTheProgramThatRepeatsForLongNamesWhatASlotThatMovesAnswers() {
        LockKey key = key();
        Config config = new Config();
        config.useClusterServers()
                .addNodeAddress("redis://127.0.0.1:" + cluster.nodes().get(0).port());
        RedissonClient redisson = Redisson.create(config);
        Move move = new Move(cluster, key);
        try (RedisBackend backend = RedisBackend.over(RedissonTransport.of(redisson))) {
            backend.release(granted(backend, exclusive(key)));
            move.begin();

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.tryAcquire(exclusive(key)))
                    .satisfies(e -> assertThat(e.retryable()).isTrue())
                    .withMessageContaining("TRYAGAIN");
        } finally {
            move.end();
            redisson.shutdown();
            discard();
        }
    }

    /** The slot of a lock on its way from its master to another: the fence counter is there already. */
    private static final class Move {

        private final RedisServer from;
        private final RedisServer to;
        private final String slot;
        private final String counter;

        Move(RedisCluster cluster, LockKey key) {
            RedisKeys keys = RedisKeys.of(key);
            this.from = cluster.masterOf(keys.lock());
            this.to = cluster.nodes().subList(0, 3).stream()
                    .filter(node -> node != from)
                    .findFirst()
                    .orElseThrow();
            this.slot = from.run("CLUSTER", "KEYSLOT", keys.lock());
            this.counter = keys.all().get(1);
        }

        void begin(String... gone) {
            to.run("CLUSTER", "SETSLOT", slot, "IMPORTING", from.run("CLUSTER", "MYID"));
            from.run("CLUSTER", "SETSLOT", slot, "MIGRATING", to.run("CLUSTER", "MYID"));
            from.run("MIGRATE", "127.0.0.1", "" + to.port(), counter, "0", "1000");
            for (String name : gone) {
                from.run("MIGRATE", "127.0.0.1", "" + to.port(), name, "0", "1000");
            }
        }

        void end() {
            for (RedisServer node : List.of(to, from)) {
                node.run("CLUSTER", "SETSLOT", slot, "NODE", to.run("CLUSTER", "MYID"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void replicaAcksCountTheReplicasOfTheKeysOwnMaster(RedisClients client) {
        LockKey key = key();
        RedisServer master = cluster.masterOf(RedisKeys.of(key).lock());
        Server.awaitReplica(master, RedisKeys.of(key).lock() + ":any");
        RedisServer replica = cluster.nodes().get(cluster.nodes().indexOf(master) + 3);
        try (RedisBackend backend = RedisBackend.builder(Backends.transport(client, cluster.uri()))
                .replicaAcks(1)
                .replicaTimeout(Duration.ofMillis(300))
                .build()) {
            Grant grant = granted(backend, Claims.claim(key, LockMode.EXCLUSIVE, 1, false, Claims.LEASE, 1, true));
            assertThat(backend.release(grant)).isTrue();
            replica.kill();

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.tryAcquire(exclusive(key)))
                    .withMessageContaining("reached 0 replicas");
            assertThat(backend.find(key)).isEmpty();
        } finally {
            discard();
        }
    }
}
