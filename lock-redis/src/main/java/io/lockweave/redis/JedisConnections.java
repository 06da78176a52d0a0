package io.lockweave.redis;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.util.Pool;

/**
 * The pools of connections of a Jedis, as far as they are known: one for each node of a Cluster, one for a single
 * server, none for other kinds of clients.
 */
final class JedisConnections {

    private final boolean cluster;
    private final Supplier<? extends Collection<? extends Pool<Connection>>> pools;

    JedisConnections(boolean cluster, Supplier<? extends Collection<? extends Pool<Connection>>> pools) {
        this.cluster = cluster;
        this.pools = pools;
    }

    /** Of a client that was passed in. */
    static JedisConnections of(UnifiedJedis jedis) {
        if (isA(jedis, "JedisCluster") || isA(jedis, "RedisClusterClient")) {
            return new JedisConnections(true, () -> nodes(jedis));
        }
        Pool<Connection> pool = pool(jedis);
        return new JedisConnections(false, pool == null ? List::of : () -> List.of(pool));
    }

    /** By name, because a class may not exist in the version of Jedis that runs. */
    private static boolean isA(UnifiedJedis jedis, String simpleName) {
        for (Class<?> type = jedis.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals("redis.clients.jedis." + simpleName)) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("deprecation") // older Jedis knows no other class for Clusters
    private static Collection<? extends Pool<Connection>> nodes(UnifiedJedis jedis) {
        return isA(jedis, "RedisClusterClient")
                ? ((RedisClusterClient) jedis).getClusterNodes().values()
                : ((JedisCluster) jedis).getClusterNodes().values();
    }

    /** By name as well: the classes that have one pool differ between versions. */
    @SuppressWarnings("unchecked")
    private static @Nullable Pool<Connection> pool(UnifiedJedis jedis) {
        try {
            Object pool = jedis.getClass().getMethod("getPool").invoke(jedis);
            return pool instanceof Pool<?> ? (Pool<Connection>) pool : null;
        } catch (ReflectiveOperationException e) {
            return null; // under Sentinel, over several servers, or of the program's own making
        }
    }

    boolean cluster() {
        return cluster;
    }

    Collection<? extends Pool<Connection>> pools() {
        return pools.get();
    }

    /**
     * Closes what waits in the pools, so that the next call opens a connection to whatever server the address leads to
     * now.
     */
    void clear() {
        pools().forEach(Pool::clear);
    }

    /**
     * A connection to listen on, which can be cut from another thread; or null if none can be had without its client.
     */
    @Nullable
    Connection toListen() {
        RuntimeException failure = null;
        for (Pool<Connection> pool : pools()) {
            try {
                return pool.getResource();
            } catch (RuntimeException e) { // another node of the Cluster may do
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }
}
