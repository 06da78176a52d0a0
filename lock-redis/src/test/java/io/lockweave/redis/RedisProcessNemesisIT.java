package io.lockweave.redis;

import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.contest.ContestingFleet;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVMs of all clients contend for a few locks behind one address, while whole JVMs are stopped for longer than a lease,
 * killed and started anew, and the address moves between two servers that change roles, is cut, or falls silent, and
 * its server is killed and comes back with its append-only file. The spans in which {@code isHeld()} was true never
 * overlap, fences grow in the order of entry, and no lock, queue or connection is left.
 */
@Timeout(1_200)
class RedisProcessNemesisIT {

    private static final Duration RUN = Duration.ofSeconds(Long.getLong("lockweave.test.nemesis-seconds", 25));

    static LongStream seeds() {
        return ContestingFleet.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rule18_whatJvmsHoldNeverOverlapsWhateverStopsThemOrTheirServers(long seed) throws Exception {
        System.out.println("RedisProcessNemesisIT runs with -Dlockweave.test.seed=" + seed);
        Random random = new Random(seed);
        try (Pair pair = new Pair()) {
            long connections = Server.connections(pair.servers.get(0));
            try (ContestingFleet fleet = new ContestingFleet(Backends.recipes(pair.uri()), random)) {
                fleet.endure(RUN, () -> switch (random.nextInt(12)) {
                    case 0, 1 -> pair.changeRoles();
                    case 2, 3 -> pair.restart();
                    case 4 -> pair.fallSilent();
                    case 5 -> pair.cut();
                    default -> fleet.stopOrKill();
                });
                fleet.check("RedisProcessNemesisIT");
            }
            Server.awaitNothingLeft("RedisProcessNemesisIT", List.of(pair.servers.get(0)), connections);
        }
    }

    /** A master and its replica behind one address. */
    private static final class Pair implements AutoCloseable {

        private final List<RedisServer> servers = new ArrayList<>();
        private final FaultProxy address;

        Pair() {
            for (int i = 0; i < 2; i++) {
                servers.add(RedisServer.launch("--appendonly", "yes", "--appendfsync", "always"));
            }
            servers.get(1).run("REPLICAOF", "127.0.0.1", "" + servers.get(0).port());
            Server.awaitReplica(servers.get(0), "any");
            address = FaultProxy.to("127.0.0.1", servers.get(0).port());
        }

        String uri() {
            return "redis://127.0.0.1:" + address.port();
        }

        /** Without losing a write: what replication may lose is not what this test is about. */
        String changeRoles() {
            RedisServer master = servers.get(0);
            RedisServer replica = servers.get(1);
            master.run("CLIENT", "PAUSE", "3000", "WRITE");
            Server.awaitSameOffset(master, replica);
            replica.run("REPLICAOF", "NO", "ONE");
            master.run("REPLICAOF", "127.0.0.1", "" + replica.port());
            address.moveTo(replica.port());
            master.run("CLIENT", "UNPAUSE");
            servers.set(0, replica);
            servers.set(1, master);
            Server.awaitReplica(replica, "any");
            return "change of roles";
        }

        String restart() {
            servers.get(0).kill();
            servers.get(0).start();
            Server.awaitReplica(servers.get(0), "any");
            return "restart";
        }

        String fallSilent() {
            address.abandonAll();
            return "silence";
        }

        String cut() {
            address.resetAll();
            return "cut";
        }

        @Override
        public void close() {
            address.close();
            servers.forEach(RedisServer::close);
        }
    }
}
