package io.lockweave.redis;

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
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logins and rights: what is missing is said at once, with its remedy, and nobody waits for it. */
@Timeout(60)
class RedisAccessTest {

    private static RedisServer server;

    private final LockKey key = key();

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
        server.run("ACL", "SETUSER", "reader", "on", ">pw", "~lw:*", "&*", "+@all", "-@write");
        server.run("ACL", "SETUSER", "elsewhere", "on", ">pw", "~app:*", "&*", "+@all");
        server.run("ACL", "SETUSER", "deaf", "on", ">pw", "~lw:*", "resetchannels", "+@all");
        server.run("ACL", "SETUSER", "unscripted", "on", ">pw", "~lw:*", "&*", "+@all", "-@scripting");
        allowApp(server);
    }

    private static void allowApp(RedisServer where) {
        where.run(("ACL SETUSER app on >p:w/1 " + RedisErrors.RIGHTS).split(" "));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String as(String login) {
        return "redis://" + login + "@127.0.0.1:" + server.port();
    }

    private void refused(RedisClients client, String login, String remedy) {
        assertThatExceptionOfType(LockBackendException.class)
                .isThrownBy(() -> {
                    try (RedisBackend backend = Backends.open(client, as(login))) {
                        backend.tryAcquire(exclusive(key));
                    } catch (LockBackendException e) {
                        throw e;
                    } catch (RuntimeException e) {
                        throw RedisErrors.translate("opening", "connect", e); // as the factory does
                    }
                })
                .satisfies(e -> assertThat(e.retryable()).as(e.getMessage()).isFalse())
                .withMessageContaining(remedy);
        assertThat(server.run("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aWrongPasswordIsALastingFailure(RedisClients client) {
        refused(client, "app:wrong", "check user and password");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aUserWithoutTheRightToWriteIsALastingFailure(RedisClients client) {
        refused(client, "reader:pw", "ACL SETUSER");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aUserWithoutTheRightToOurKeysIsALastingFailure(RedisClients client) {
        refused(client, "elsewhere:pw", "~lw:*");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aUserWithoutTheRightToRunScriptsIsALastingFailure(RedisClients client) {
        refused(client, "unscripted:pw", "+@scripting");
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void theDocumentedRightsAreEnough(RedisClients client) {
        areEnough(client, as("app:p%3Aw%2F1"));
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void theDocumentedRightsAreEnoughInACluster(RedisClients client) {
        try (RedisServer node = RedisServer.launch(
                "--cluster-enabled",
                "yes",
                "--cluster-port",
                "" + RedisServer.freePort(),
                "--cluster-announce-ip",
                "127.0.0.1")) {
            node.run("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            Awaitility.await().until(() -> node.run("CLUSTER", "INFO").contains("cluster_state:ok"));
            allowApp(node);

            areEnough(client, "redis-cluster://app:p%3Aw%2F1@127.0.0.1:" + node.port());
        }
    }

    private void areEnough(RedisClients client, String uri) {
        try (RedisBackend backend = Backends.open(client, uri)) {
            Grant grant = granted(backend, exclusive(key));
            try (Waiter waiter = Waiter.exclusive(backend, key)) {
                assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);
                assertThat(backend.find(key)).isPresent();
                assertThat(backend.list(10)).isNotEmpty();
                assertThat(backend.release(grant)).isTrue();
                assertThat(backend.release(waiter.awaitGrant())).isTrue();
            }
        }
    }

    @Test
    void redissonDoesNotTellThatASubscriptionWasRefusedSoItsWaitersPoll() {
        try (Locks locks = Locks.builder(Backends.open(RedisClients.REDISSON, as("deaf:pw")))
                        .build();
                RedisBackend other = Backends.open(RedisClients.JEDIS, server.uri())) {
            Grant first = granted(other, exclusive(key));
            CompletableFuture<HeldLock> waiting = locks.acquireAsync(key);
            try (RedisWire redis = new RedisWire(server.port())) {
                Server.awaitQueued(redis, key, 1);
            }
            other.release(first);

            waiting.orTimeout(30, TimeUnit.SECONDS).join().close(); // Redisson takes some seconds to give up
        }
    }

    @ParameterizedTest
    @EnumSource(value = RedisClients.class, mode = EnumSource.Mode.EXCLUDE, names = "REDISSON")
    void withoutTheRightToChannelsLocksWorkAndWaitingIsALastingFailure(RedisClients client) {
        try (RedisBackend backend = Backends.open(client, as("deaf:pw"))) {
            Grant grant = granted(backend, exclusive(key));

            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(() -> Waiter.exclusive(backend, key))
                    .satisfies(e -> assertThat(e.retryable()).as(e.getMessage()).isFalse())
                    .withMessageContaining("&lw:*");
            assertThat(backend.release(grant)).isTrue();
        }
    }
}
