package io.lockweave.redis;

import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One address whose server changes, while connections to the one before live on: demoted, gone without a word, or lost.
 */
@Timeout(120)
class RedisMovedAddressTest {

    /** Commands and messages are back by then, on a machine that does nothing else. */
    private static final Duration BACK = Duration.ofSeconds(5);

    private final RedisServer master = RedisServer.launch();
    private final RedisServer replica = RedisServer.launch("--replicaof", "127.0.0.1 " + master.port());
    private final FaultProxy address = FaultProxy.to("127.0.0.1", master.port());
    private final LockKey key = key();

    @BeforeEach
    void inStep() {
        Server.awaitReplica(master, "any");
    }

    @AfterEach
    void stop() {
        address.close();
        replica.close();
        master.close();
    }

    private String uri() {
        return "redis://127.0.0.1:" + address.port();
    }

    private void changeRoles() {
        Server.awaitReplica(master, "any");
        replica.run("REPLICAOF", "NO", "ONE");
        master.run("REPLICAOF", "127.0.0.1", "" + replica.port());
        address.moveTo(replica.port());
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void connectionsToAServerThatWasDemotedAreReplaced(RedisClients client) {
        try (RedisBackend backend = Backends.open(client, uri())) {
            Grant held = granted(backend, exclusive(key));

            changeRoles();

            Awaitility.await()
                    .atMost(BACK)
                    .ignoreException(LockBackendException.class)
                    .until(() -> backend.renew(List.of(held), Claims.LEASE).equals(List.of(Renewal.HELD)));
            backend.release(granted(backend, exclusive(key())));
            assertThat(backend.release(held)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void afterAHostVanishedWithoutAWordCommandsAndMessagesAreBackInSeconds(RedisClients client) throws Exception {
        List<LockKey> keys = IntStream.range(0, 8).mapToObj(i -> key()).toList();
        LockOptions patient = LockOptions.defaults().waitTime(Duration.ofSeconds(60));
        try (RedisBackend backend = Backends.open(client, uri());
                Locks mine = Locks.builder(backend).build();
                Locks others = Locks.builder(Backends.open(RedisClients.JEDIS, master.uri()))
                        .build();
                RedisWire redis = new RedisWire(master.port())) {
            List<HeldLock> held = keys.stream().map(others::acquire).toList();
            List<CompletableFuture<HeldLock>> waiting =
                    keys.stream().map(k -> mine.acquireAsync(k, patient)).toList();
            for (LockKey waitedFor : keys) {
                Server.awaitQueued(redis, waitedFor, 1);
            }

            address.abandonAll();
            long vanished = System.nanoTime();
            redis.run("CLIENT", "KILL", "TYPE", "pubsub"); // the server notices at its own pace; these are gone now
            Awaitility.await("commands")
                    .atMost(BACK)
                    .ignoreException(LockBackendException.class)
                    .until(() -> backend.find(keys.get(0)).isPresent());
            Awaitility.await("messages")
                    .atMost(BACK)
                    .until(() ->
                            redis.run("PUBSUB", "CHANNELS", "lw:*").toString().length() > 2);
            assertThat(Duration.ofNanos(System.nanoTime() - vanished)).isLessThan(BACK.plusSeconds(1));
            Awaitility.await("all listen").until(() -> listening(redis, keys));

            List<Long> took = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                long start = System.nanoTime();
                held.get(i).close();
                waiting.get(i).get(10, TimeUnit.SECONDS).close();
                took.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            }
            assertThat(took.stream().sorted().toList().get(keys.size() / 2))
                    .as("hand-offs by message: the median of %s ms", took)
                    .isLessThan(150);
        }
    }

    /** The queue knows a channel of each. */
    private static boolean listening(RedisWire redis, List<LockKey> keys) {
        return keys.stream()
                .allMatch(k -> redis.text("HVALS", RedisKeys.of(k).queue()).contains(" G lw:"));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aLockWhoseMasterIsLostBeforeAReplicaHasItIsNotConfirmedByAnother(RedisClients client) {
        RedisServer otherMaster = RedisServer.launch();
        RedisServer otherReplica = RedisServer.launch("--replicaof", "127.0.0.1 " + otherMaster.port());
        Duration longest = Duration.ofSeconds(3);
        RedisTransport transport = client.open(RedisAddress.parse(uri()), Duration.ofSeconds(1), Duration.ofSeconds(4));
        try (RedisBackend backend = RedisBackend.builder(transport)
                .replicaAcks(1)
                .replicaTimeout(longest)
                .build()) {
            Server.awaitReplica(otherMaster, "any");
            backend.release(granted(backend, exclusive(key)));
            replica.freeze();
            CompletableFuture<Boolean> taken = CompletableFuture.supplyAsync(() -> isGranted(backend));
            Awaitility.await()
                    .until(() -> master.run("EXISTS", RedisKeys.of(key).lock()).equals("1"));

            long lost = System.nanoTime();
            address.moveTo(otherMaster.port()).resetAll();

            boolean granted = taken.orTimeout(20, TimeUnit.SECONDS).join();
            assertThat(otherMaster.run("EXISTS", RedisKeys.of(key).lock()))
                    .as("whether it is where it was confirmed")
                    .isEqualTo(granted ? "1" : "0");
            assertThat(Duration.ofNanos(System.nanoTime() - lost)).isLessThan(longest);
        } finally {
            replica.resume();
            otherReplica.close();
            otherMaster.close();
        }
    }

    /** The script's answer arrives, and then the next connection leads to another master, which has a replica too. */
    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aLockWhoseMasterIsLostRightAfterItsAnswerIsNotConfirmedByAnother(RedisClients client) {
        RedisServer otherMaster = RedisServer.launch();
        RedisServer otherReplica = RedisServer.launch("--replicaof", "127.0.0.1 " + otherMaster.port());
        try (RedisBackend backend = RedisBackend.builder(Backends.transport(client, uri()))
                .replicaAcks(1)
                .replicaTimeout(Duration.ofMillis(300))
                .build()) {
            Server.awaitReplica(otherMaster, "any");
            backend.release(granted(backend, exclusive(key)));
            replica.freeze(); // so that the answer of WAIT does not come with that of the script
            address.moveTo(otherMaster.port()).endAfterReply();

            boolean granted = isGranted(backend);

            assertThat(otherMaster.run("EXISTS", RedisKeys.of(key).lock()))
                    .as("whether it is where it was confirmed")
                    .isEqualTo(granted ? "1" : "0");
        } finally {
            replica.resume();
            otherReplica.close();
            otherMaster.close();
        }
    }

    private boolean isGranted(RedisBackend backend) {
        try {
            granted(backend, exclusive(key));
            return true;
        } catch (LockBackendException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aReplicaThatStandsStillLosesNoLockThatIsHeld(RedisClients client) {
        LockOptions once = LockOptions.defaults().waitTime(Duration.ZERO);
        try (Locks locks = Locks.builder(RedisBackend.builder(Backends.transport(client, uri()))
                        .replicaAcks(1)
                        .replicaTimeout(Duration.ofMillis(700))
                        .build())
                .leaseTime(Duration.ofSeconds(3))
                .build()) {
            HeldLock held = locks.acquire(key);
            replica.freeze();
            List<CompletableFuture<?>> trying = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                LockKey other = key();
                trying.add(CompletableFuture.runAsync(
                        () -> {
                            for (int n = 0; n < 6; n++) {
                                try {
                                    locks.tryAcquire(other, once).ifPresent(HeldLock::close);
                                } catch (LockBackendException e) {
                                    // as it should
                                }
                            }
                        },
                        task -> new Thread(task).start()));
            }
            trying.forEach(CompletableFuture::join);

            assertThat(held.isHeld()).isTrue();
            held.close();
        } finally {
            replica.resume();
        }
    }
}
