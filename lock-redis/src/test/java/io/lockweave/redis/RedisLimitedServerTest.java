package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers, and proxies before them, that refuse some commands, always or for a while. */
@Timeout(60)
class RedisLimitedServerTest {

    private final LockKey key = Claims.key();

    /** Hands the lock of one JVM to a waiter of another, twice. */
    private void passedOn(RedisClients client, RedisServer server) {
        try (RedisWire redis = new RedisWire(server.port());
                Locks first = Locks.builder(Backends.open(client, server.uri())).build();
                Locks second =
                        Locks.builder(Backends.open(client, server.uri())).build()) {
            for (int i = 0; i < 2; i++) {
                HeldLock held = first.acquire(key);
                CompletableFuture<HeldLock> next = second.acquireAsync(key);
                Server.awaitQueued(redis, key, 1);
                held.close();
                next.orTimeout(10, TimeUnit.SECONDS).join().close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void withoutSubscriptionsWaitersPollAndThatIsSaidOnce(RedisClients client) {
        try (RedisServer server = RedisServer.launch("--rename-command", "SUBSCRIBE", "");
                Warnings warnings = new Warnings()) {
            passedOn(client, server);

            if (client != RedisClients.REDISSON) { // which does not tell that it was refused
                assertThat(warnings.all()).singleElement().asString().contains("poll once a second");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void aServerThatDoesNotTellWhoListensIsSaidOnce(RedisClients client) {
        try (RedisServer server = RedisServer.launch("--rename-command", "PUBSUB", "");
                Warnings warnings = new Warnings()) {
            passedOn(client, server);

            assertThat(warnings.all()).singleElement().asString().contains("NUMSUB", "To fix it");
        }
    }

    @Test
    void aLockOutlastsAServerThatTakesNoWritesForLackOfReplicas() {
        try (RedisServer server = RedisServer.launch()) {
            outlasts(
                    server,
                    "NOREPLICAS",
                    () -> server.run("CONFIG", "SET", "min-replicas-to-write", "1"),
                    () -> server.run("CONFIG", "SET", "min-replicas-to-write", "0"));
        }
    }

    @Test
    void aLockOutlastsAServerThatTakesNoWritesBecauseItCouldNotSave() throws IOException {
        try (RedisServer server = RedisServer.launch("--save", "3600 1")) {
            String[] folder = server.run("CONFIG", "GET", "dir").split("[\\[\\], ]+", -1);
            try (Stream<Path> files = Files.list(Path.of(folder[2]))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(Path.of(folder[2]));
            outlasts(
                    server,
                    "MISCONF",
                    () -> {
                        server.run("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
                        server.run("BGSAVE");
                        await().until(() -> server.run("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
                    },
                    () -> server.run("CONFIG", "SET", "stop-writes-on-bgsave-error", "no"));
        }
    }

    /** Renewals and releases fail in passing, name the cause, and are made up for. */
    private void outlasts(RedisServer server, String error, Runnable begin, Runnable end) {
        Queue<LockEvent> events = new ConcurrentLinkedQueue<>();
        try (Locks locks = Locks.builder(Backends.open(RedisClients.JEDIS, server.uri()))
                .leaseTime(Duration.ofSeconds(3))
                .listener(events::add)
                .build()) {
            HeldLock held = locks.acquire(key);
            begin.run();
            await().until(() -> events.stream()
                    .anyMatch(event -> event.type() == LockEvent.Type.RENEWAL_FAILED
                            && String.valueOf(event.failure()).contains(error)));
            end.run();
            await("renewed").until(() -> held.remaining().toMillis() > 2_200);
            HeldLock other = locks.acquire(Claims.key(), LockOptions.defaults().leaseTime(Duration.ofMinutes(1)));
            begin.run();
            assertThatExceptionOfType(LockBackendException.class)
                    .isThrownBy(other::close)
                    .withMessageContaining(error);
            end.run();
            await().until(() -> !locks.isLocked(other.key()));
            assertThat(held.isHeld()).isTrue();
            assertThat(events).extracting(LockEvent::type).doesNotContain(LockEvent.Type.LOST);
        }
    }
}
