package io.lockweave.redis;

import java.time.Duration;
import java.util.List;
import org.redisson.config.BaseConfig;
import org.redisson.config.ClusterServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.DelayStrategy;
import org.redisson.config.SentinelServersConfig;
import org.redisson.config.SingleServerConfig;

/** Redisson's configuration for an address. */
final class RedissonConfig {

    /** How often the topology is looked at. */
    private static final int SCAN_MILLIS = 1_000;

    /** A cut connection is replaced at once; Redisson's own pause of a second or two would use up the time-out. */
    private static final DelayStrategy RETRY_DELAY = new ConstantDelay(Duration.ofMillis(50));

    private static final int RETRIES = 3;

    private static final int PING_MILLIS = 1_000;

    private RedissonConfig() {}

    static Config of(RedisAddress address, Duration connectTimeout, Duration timeout) {
        Config config = new Config();
        config.setUsername(address.user());
        config.setPassword(address.password());
        List<String> nodes = address.nodes().stream()
                .map(node -> (address.tls() ? "rediss://" : "redis://") + node.host() + ":" + node.port())
                .toList();
        switch (address.kind()) {
            case SINGLE -> {
                SingleServerConfig single = config.useSingleServer();
                single.setAddress(nodes.get(0));
                single.setDatabase(address.database());
                single.setConnectionMinimumIdleSize(1);
                common(single, connectTimeout, timeout);
            }
            case SENTINEL -> {
                SentinelServersConfig sentinel = config.useSentinelServers();
                sentinel.setMasterName(address.master());
                sentinel.addSentinelAddress(nodes.toArray(String[]::new));
                sentinel.setDatabase(address.database());
                sentinel.setScanInterval(SCAN_MILLIS);
                sentinel.setMasterConnectionMinimumIdleSize(1);
                sentinel.setSlaveConnectionMinimumIdleSize(1);
                common(sentinel, connectTimeout, timeout);
            }
            case CLUSTER -> {
                ClusterServersConfig cluster = config.useClusterServers();
                cluster.addNodeAddress(nodes.toArray(String[]::new));
                cluster.setScanInterval(SCAN_MILLIS);
                cluster.setMasterConnectionMinimumIdleSize(1);
                cluster.setSlaveConnectionMinimumIdleSize(1);
                common(cluster, connectTimeout, timeout);
            }
        }
        return config;
    }

    private static void common(BaseConfig<?> config, Duration connectTimeout, Duration timeout) {
        config.setPingConnectionInterval(PING_MILLIS); // also of the connection that listens
        config.setConnectTimeout((int) connectTimeout.toMillis());
        config.setTimeout((int) timeout.toMillis());
        config.setRetryAttempts(RETRIES);
        config.setRetryDelay(RETRY_DELAY);
    }
}
