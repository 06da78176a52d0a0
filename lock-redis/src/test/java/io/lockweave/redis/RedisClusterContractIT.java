package io.lockweave.redis;

import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreBackendContract;
import io.lockweave.testkit.contract.StoreHook;
import io.lockweave.testservers.redis.RedisCluster;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of every backend on a Cluster. */
class RedisClusterContractIT extends StoreBackendContract
        implements StoreHook.LosesItsData, StoreHook.CountsItsEntries, StoreHook.RunsElsewhere {

    private static final RedisClients CLIENT =
            RedisClients.valueOf(System.getProperty("lockweave.test.cluster-client", "LETTUCE"));

    private static RedisCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Override
    protected LockBackend newBackend() {
        return Backends.connected(CLIENT, cluster.uri());
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.copyOf(RedisContract.CAPABILITIES);
        capabilities.remove(Capability.TOGETHER); // whose keys are on several servers
        return capabilities;
    }

    private static List<RedisServer> masters() {
        return cluster.nodes().subList(0, 3);
    }

    @Override
    public void loseData() {
        masters().forEach(master -> master.run("FLUSHALL"));
    }

    @Override
    public long entries() {
        long entries = 0;
        for (RedisServer master : masters()) {
            try (RedisWire redis = new RedisWire(master.port())) {
                List<?> counters = (List<?>) redis.run("KEYS", "lw:{??}:fence");
                entries += Long.parseLong(redis.text("DBSIZE")) - counters.size();
            }
        }
        return entries;
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Backends.class, CLIENT.name(), cluster.uri());
    }
}
