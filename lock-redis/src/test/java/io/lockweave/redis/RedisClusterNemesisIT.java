package io.lockweave.redis;

import io.lockweave.testservers.contest.ContestingFleet;
import io.lockweave.testservers.contest.ContestingProgram;
import io.lockweave.testservers.redis.RedisCluster;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVMs of all clients contend for a few locks in a Cluster, while the slots of those locks move from master to master,
 * key by key, and whole JVMs are stopped for longer than a lease or killed. The spans in which {@code isHeld()} was
 * true never overlap, fences grow in the order of entry, and no lock, queue or connection is left.
 */
@Timeout(1_200)
class RedisClusterNemesisIT {

    private static final Duration RUN = Duration.ofSeconds(Long.getLong("lockweave.test.nemesis-seconds", 15));
    private static final int MASTERS = 3;

    static LongStream seeds() {
        return ContestingFleet.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatJvmsHoldNeverOverlapsWhileSlotsMove(long seed) throws Exception {
        System.out.println("RedisClusterNemesisIT runs with -Dlockweave.test.seed=" + seed);
        Random random = new Random(seed);
        try (RedisCluster cluster = RedisCluster.start()) {
            List<RedisServer> masters = cluster.nodes().subList(0, MASTERS);
            long connections = Server.connections(masters);
            try (ContestingFleet fleet = new ContestingFleet(Backends.recipes(cluster.uri()), random)) {
                Slots slots = new Slots(cluster, random);
                fleet.endure(RUN, () -> random.nextInt(3) == 0 ? fleet.stopOrKill() : slots.moveOne());
                fleet.check("RedisClusterNemesisIT");
            }
            Server.awaitNothingLeft("RedisClusterNemesisIT", masters, connections);
        }
    }

    /** The slots of the contested locks, and which masters have them. */
    private static final class Slots {

        private final List<RedisServer> masters;
        private final Map<String, RedisServer> owners = new HashMap<>();
        private final List<String> numbers;
        private final Random random;

        Slots(RedisCluster cluster, Random random) {
            this.masters = cluster.nodes().subList(0, MASTERS);
            this.random = random;
            for (int key = 0; key < ContestingFleet.KEYS; key++) {
                String lock =
                        RedisKeys.of(ContestingProgram.key(key).in("lockweave")).lock();
                owners.put(masters.get(0).run("CLUSTER", "KEYSLOT", lock), cluster.masterOf(lock));
            }
            this.numbers = owners.keySet().stream().sorted().toList();
        }

        /** As an operator's tool does it; for a while some keys of a lock are here and some there. */
        String moveOne() {
            String slot = numbers.get(random.nextInt(numbers.size()));
            RedisServer from = owners.get(slot);
            RedisServer to = masters.get((masters.indexOf(from) + 1 + random.nextInt(MASTERS - 1)) % MASTERS);
            to.run("CLUSTER", "SETSLOT", slot, "IMPORTING", from.run("CLUSTER", "MYID"));
            from.run("CLUSTER", "SETSLOT", slot, "MIGRATING", to.run("CLUSTER", "MYID"));
            for (String key = first(from, slot); !key.isEmpty(); key = first(from, slot)) {
                migrate(from, to, key);
                ContestingFleet.rest(random.nextInt(300));
            }
            String id = to.run("CLUSTER", "MYID");
            to.run("CLUSTER", "SETSLOT", slot, "NODE", id);
            from.run("CLUSTER", "SETSLOT", slot, "NODE", id);
            owners.put(slot, to);
            return "move of slot " + slot;
        }

        /** On a busy machine servers of a Cluster may take each other for dead for a moment: then later. */
        private static void migrate(RedisServer from, RedisServer to, String key) {
            Awaitility.await("the Cluster is up")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptionsMatching(
                            e -> String.valueOf(e.getMessage()).contains("CLUSTERDOWN"))
                    .until(() -> from.run("MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "1000"), any -> true);
        }

        private static String first(RedisServer node, String slot) {
            return node.run("CLUSTER", "GETKEYSINSLOT", slot, "1").replaceAll("[\\[\\]]", "");
        }
    }
}
