package io.lockweave.redis;

import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreBackendContract;
import io.lockweave.testkit.contract.StoreHook;
import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The contract of every backend on a real server, reached through a proxy; one subclass for each client. */
abstract class RedisContract extends StoreBackendContract
        implements StoreHook.LosesItsData, StoreHook.CountsItsEntries, StoreHook.GoesDown, StoreHook.RunsElsewhere {

    static final Set<Capability> CAPABILITIES = Set.of(
            Capability.SHARED,
            Capability.PERMITS,
            Capability.FAIR,
            Capability.LEASE,
            Capability.CROSS_PROCESS,
            Capability.PUSH,
            Capability.TOGETHER,
            Capability.DURABLE_FENCE);

    private static RedisServer server;
    private static FaultProxy proxy;

    private final RedisClients client;

    RedisContract(RedisClients client) {
        this.client = client;
    }

    @BeforeAll
    static void startServer() {
        server = RedisServer.launch();
        proxy = FaultProxy.to("127.0.0.1", server.port());
    }

    @AfterAll
    static void stopServer() {
        proxy.close();
        server.close();
    }

    @AfterEach
    void heal() {
        proxy.heal();
    }

    @Override
    protected LockBackend newBackend() {
        return Backends.connected(client, "redis://127.0.0.1:" + proxy.port());
    }

    @Override
    protected Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void loseData() {
        server.run("FLUSHALL");
    }

    @Override
    public long entries() {
        try (RedisWire redis = new RedisWire(server.port())) {
            List<?> counters = (List<?>) redis.run("KEYS", "lw:{??}:fence");
            return Long.parseLong(redis.text("DBSIZE")) - counters.size();
        }
    }

    @Override
    public void goDown() {
        proxy.down();
    }

    @Override
    public void comeBack() {
        proxy.heal();
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Backends.class, client.name(), server.uri());
    }
}
