package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.Locks;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Grant;
import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testservers.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs with different clients exclude and wake each other. */
@Timeout(60)
class MixedFleetTest {

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<Arguments> pairs() {
        return Stream.of(RedisClients.values())
                .flatMap(a ->
                        Stream.of(RedisClients.values()).filter(b -> a != b).map(b -> Arguments.of(a, b)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void eachPairOfClientsExcludesAndWakesEachOther(RedisClients one, RedisClients other) {
        LockKey key = key();
        try (RedisBackend here = Backends.open(one, server.uri());
                RedisBackend there = Backends.open(other, server.uri())) {
            Grant grant = granted(here, exclusive(key));
            busy(there, exclusive(key));
            assertThat(there.find(key).orElseThrow().holders().get(0).owner()).isEqualTo(grant.owner());
            try (Waiter waiter = Waiter.of(there, key, LockMode.SHARED, 1, true)) {
                assertThat(here.release(grant)).isTrue();
                Grant shared = waiter.awaitGrant();
                Grant alsoShared = granted(here, Claims.claim(key, LockMode.SHARED, 1, false, Claims.LEASE, 1, false));
                busy(here, exclusive(key));
                assertThat(alsoShared.fence()).isGreaterThan(shared.fence());
                assertThat(there.release(shared)).isTrue();
                assertThat(here.release(alsoShared)).isTrue();
            }
            assertThat(here.find(key)).isEmpty();
        }
    }

    @Test
    void aFleetOfAllClientsLosesNoUpdate() throws Exception {
        LockKey key = key();
        HistoryChecker history = new HistoryChecker();
        int[] counter = new int[1];
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Locks> fleet = new ArrayList<>();
        List<Future<?>> work = new ArrayList<>();
        try {
            for (RedisClients client : RedisClients.values()) {
                Locks locks = Locks.builder(Backends.open(client, server.uri())).build();
                fleet.add(locks);
                for (int thread = 0; thread < 3; thread++) {
                    String who = client + "-" + thread;
                    work.add(threads.submit((Callable<Void>) () -> {
                        for (int i = 0; i < 200; i++) {
                            try (HeldLock lock = locks.acquire(key)) {
                                HistoryChecker.Entry stay = history.enter(who, key.toString(), lock.fence());
                                counter[0]++;
                                stay.exit(lock.isLost());
                            }
                        }
                        return null;
                    }));
                }
            }
            for (Future<?> part : work) {
                part.get();
            }
        } finally {
            threads.shutdownNow();
            fleet.forEach(Locks::close);
        }

        assertThat(counter[0]).isEqualTo(3 * 3 * 200);
        history.check();
    }
}
