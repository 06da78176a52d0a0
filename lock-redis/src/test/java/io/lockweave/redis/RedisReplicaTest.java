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
import io.lockweave.Locks;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A master and its replica: what a fail-over may lose, and how replica-acks prevents it. */
@Timeout(60)
class RedisReplicaTest {

    private final RedisServer master = RedisServer.launch();
    private final RedisServer replica = RedisServer.launch("--replicaof", "127.0.0.1 " + master.port());
    private final LockKey key = key();

    @BeforeEach
    void inStep() {
        Server.awaitReplica(master, "any");
    }

    @AfterEach
    void stop() {
        replica.close();
        master.close();
    }

    private RedisBackend acknowledged(RedisClients client) {
        return RedisBackend.builder(Backends.transport(client, master.uri()))
                .replicaAcks(1)
                .replicaTimeout(Duration.ofMillis(300))
                .build();
    }

    /** The replica no longer hears of its master's writes. */
    private void cutOff() {
        replica.run("REPLICAOF", "127.0.0.1", "1");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aLockThatMustReachAReplicaDoes(RedisClients client) {
        try (RedisBackend backend = acknowledged(client)) {
            Grant grant = granted(backend, exclusive(key));

            assertThat(replica.run("EXISTS", RedisKeys.of(key).lock())).isEqualTo("1");
            busy(backend, exclusive(key));
            assertThat(backend.release(grant)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aLockThatReachesTooFewReplicasIsNotTakenAndIsUndone(RedisClients client) {
        try (RedisBackend backend = acknowledged(client)) {
            backend.release(granted(backend, exclusive(key)));
            cutOff();

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.tryAcquire(exclusive(key)))
                    .withMessageContaining("reached 0 replicas")
                    .satisfies(e -> assertThat(e.retryable()).isTrue());
            assertThat(master.run("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
        }
    }

    @Test
    void aWaiterThatNeedsReplicasIsWokenToAskItself() {
        try (RedisBackend here = acknowledged(RedisClients.JEDIS);
                RedisBackend there = acknowledged(RedisClients.LETTUCE)) {
            Grant first = granted(here, exclusive(key));
            try (Waiter waiter = Waiter.exclusive(there, key)) {
                here.release(first);

                assertThat(waiter.next(Duration.ofSeconds(5))).isEqualTo("woken");
                assertThat(there.release(granted(there, waiter.claim))).isTrue();
            }
            try (Locks locks =
                    Locks.builder(acknowledged(RedisClients.REDISSON)).build()) {
                Grant second = granted(here, exclusive(key));
                CompletableFuture<HeldLock> waiting = locks.acquireAsync(key);
                try (RedisWire redis = new RedisWire(master.port())) {
                    Server.awaitQueued(redis, key, 1);
                }
                here.release(second);
                waiting.orTimeout(5, TimeUnit.SECONDS).join().close();
            }
        }
    }

    @Test
    void aWaiterThatListensOnAReplicaIsWokenAndNotToldAGrantThatAnotherGets() {
        RedisTransport listensThere = new ListeningOnAReplica(
                Backends.transport(RedisClients.JEDIS, master.uri()),
                Backends.transport(RedisClients.JEDIS, replica.uri()));
        try (RedisBackend here = Backends.open(RedisClients.JEDIS, master.uri());
                RedisBackend there = RedisBackend.over(listensThere)) {
            Grant first = granted(here, exclusive(key));
            try (Waiter onReplica = Waiter.exclusive(there, key);
                    Waiter onMaster = Waiter.exclusive(here, key)) {
                here.release(first);

                assertThat(onReplica.next(Duration.ofSeconds(5))).isEqualTo("woken");
                assertThat(onReplica.next(Duration.ofMillis(50))).isNull();
                assertThat(here.release(onMaster.awaitGrant())).isTrue();
            }
        }
    }

    @Test
    void withoutReplicaAcksAFailoverMayLoseALockWhichTheFenceAndTheNextRenewalShow() {
        try (RedisBackend before = Backends.open(RedisClients.JEDIS, master.uri())) {
            cutOff();
            Grant lost = granted(before, exclusive(key));
            master.kill();
            replica.run("REPLICAOF", "NO", "ONE");
            try (RedisBackend after = Backends.open(RedisClients.JEDIS, replica.uri())) {
                Grant second = granted(after, exclusive(key));

                assertThat(second.fence()).isGreaterThan(lost.fence() + lost.fences() - 1);
                assertThat(after.renew(List.of(lost), Claims.LEASE)).containsExactly(Renewal.LOST);
                assertThat(after.release(lost)).isFalse();
                assertThat(after.release(second)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aServerThatBecameAReplicaIsAPassingFailure(RedisClients client) {
        try (RedisBackend backend = Backends.open(client, master.uri())) {
            Claim claim = exclusive(key);
            granted(backend, claim);
            master.run("REPLICAOF", "127.0.0.1", "1");

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> backend.tryAcquire(claim))
                    .satisfies(e -> assertThat(e.retryable()).as(e.getMessage()).isTrue());
        }
    }
}
