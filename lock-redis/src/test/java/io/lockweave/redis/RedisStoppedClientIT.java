package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.testservers.contest.ContestingProcess;
import io.lockweave.testservers.contest.ContestingProgram;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** JVMs that are stopped as a whole, for longer than the first lease of a grant that was pushed to them. */
@Timeout(120)
class RedisStoppedClientIT {

    private static final int KEYS = 8;
    private static final LockOptions PATIENT = LockOptions.defaults().waitTime(Duration.ofSeconds(20));

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void rule18_aWaiterThatWasStoppedDoesNotEnterBesideTheNextHolder(RedisClients client) throws Exception {
        server.run("FLUSHALL");
        try (RedisWire redis = new RedisWire(server.port());
                Locks first = Locks.builder(Backends.open(RedisClients.JEDIS, server.uri()))
                        .build();
                Locks next = Locks.builder(Backends.open(RedisClients.LETTUCE, server.uri()))
                        .build()) {
            List<HeldLock> held = take(first);
            try (ContestingProcess waiter = ContestingProcess.start(
                            client.name(), Backends.recipe(client, server.uri()), 30_000, KEYS, 1, 0)
                    .awaitReady()) {
                for (int i = 0; i < KEYS; i++) {
                    Server.awaitQueued(redis, ContestingProgram.key(i), 1);
                }
                Awaitility.await()
                        .until(() -> redis.run("PUBSUB", "CHANNELS", "lw:*")
                                        .toString()
                                        .length()
                                > 2);
                waiter.stop();
                held.forEach(HeldLock::close); // which grants them to the one that is stopped, for its first lease
                List<HeldLock> after = take(next);

                waiter.goOn();
                Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> IntStream.range(0, KEYS)
                        .allMatch(i -> isQueued(redis, i)));
                Awaitility.await("entered beside another holder") // for as long as it takes to ask once more
                        .during(Duration.ofMillis(1_300))
                        .atMost(Duration.ofSeconds(3))
                        .until(() -> waiter.said("in ").isEmpty());
                assertThat(after).allMatch(HeldLock::isHeld);
                after.forEach(HeldLock::close);
                Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> IntStream.range(0, KEYS)
                        .noneMatch(i -> waiter.said("in " + i + " ").isEmpty()));
            }
        }
    }

    private static List<HeldLock> take(Locks locks) {
        List<HeldLock> taken = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            taken.add(locks.acquire(ContestingProgram.key(i), PATIENT));
        }
        return taken;
    }

    private static boolean isQueued(RedisWire redis, int key) {
        return Server.queued(redis, ContestingProgram.key(key)) == 1;
    }
}
