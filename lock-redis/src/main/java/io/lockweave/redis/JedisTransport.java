package io.lockweave.redis;

import io.lockweave.LockUsageException;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;
import redis.clients.jedis.resps.ScanResult;
import redis.clients.jedis.util.Pool;

/**
 * Carries the protocol over Jedis: any {@link UnifiedJedis}, be it pooled, under Sentinel, or of a Cluster. Waiting for
 * locks takes one connection out of its pool for as long as the backend lives.
 */
public final class JedisTransport implements RedisTransport {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    /** What is taken for the time-out of a client that was passed in, which does not tell its own. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Jedis tries a Cluster's nodes this often. */
    private static final int CLUSTER_ATTEMPTS = 5;

    /** Dead connections in the pool that one call goes past. */
    private static final int DEAD_CONNECTIONS = 3;

    private static final int SCANNED_AT_ONCE = 1_000;
    private static final int MOST_SCANS = 1_000;

    private final UnifiedJedis jedis;
    private final JedisConnections connections;
    private final Duration timeout;
    private final boolean owned;
    private final AtomicLong repeats = new AtomicLong();

    private JedisTransport(UnifiedJedis jedis, JedisConnections connections, Duration timeout, boolean owned) {
        this.jedis = jedis;
        this.connections = connections;
        this.timeout = timeout;
        this.owned = owned;
    }

    /**
     * Uses this client and leaves it open in the end. Its own time-outs count: a socket time-out, and if many threads
     * share a pool, a longest wait for a connection.
     */
    public static JedisTransport of(UnifiedJedis jedis) {
        return over(jedis, false);
    }

    /** As {@link #of}, and closes the client in the end. */
    public static JedisTransport owning(UnifiedJedis jedis) {
        return over(jedis, true);
    }

    private static JedisTransport over(UnifiedJedis jedis, boolean owned) {
        JedisConnections connections = JedisConnections.of(Objects.requireNonNull(jedis, "jedis"));
        for (Pool<Connection> pool : connections.cluster() ? List.<Pool<Connection>>of() : connections.pools()) {
            refuseIfTooSmall(pool);
        }
        return new JedisTransport(jedis, connections, TIMEOUT, owned);
    }

    /** Listening keeps one connection. */
    private static void refuseIfTooSmall(Pool<Connection> pool) {
        int most = pool.getMaxTotal();
        if (most >= 0 && most < 2) {
            throw new LockUsageException(
                    "The Jedis client passed in has a pool of " + most
                            + " connection(s): as soon as somebody waits for a"
                            + " lock, listening takes one, and every other call of the program hangs",
                    "give the pool one connection more than your threads need (setMaxTotal), and a longest wait"
                            + " (setMaxWait)");
        }
        if (pool.getMaxWaitDuration().isNegative()) {
            LOG.log(
                    Level.WARNING,
                    "The pool of the Jedis client passed in lets a thread wait for a connection without end: if all "
                            + most
                            + " are in use, locks are neither renewed nor released in time. Give it a longest wait"
                            + " (setMaxWait)");
        }
    }

    @SuppressWarnings("deprecation") // the constructors are what all versions of Jedis from 6 on have in common
    static JedisTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) connectTimeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .user(address.user())
                .password(address.password())
                .database(address.database())
                .ssl(address.tls())
                .build();
        DefaultJedisClientConfig sentinelConfig = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) connectTimeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .ssl(address.tls())
                .build();
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(32);
        pool.setMaxIdle(32);
        pool.setMaxWait(timeout);
        Set<HostAndPort> hosts = address.nodes().stream()
                .map(node -> new HostAndPort(node.host(), node.port()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return switch (address.kind()) {
            case SINGLE -> {
                var provider = new PooledConnectionProvider(hosts.iterator().next(), config, pool);
                yield new JedisTransport(
                        new PlainJedis(provider),
                        new JedisConnections(false, () -> List.of(provider.getPool())),
                        timeout,
                        true);
            }
            case SENTINEL -> {
                var provider = new SentineledConnectionProvider(address.master(), config, pool, hosts, sentinelConfig);
                yield new JedisTransport(
                        new PlainJedis(provider), new JedisConnections(false, List::of), timeout, true);
            }
            case CLUSTER -> {
                var provider = new ClusterConnectionProvider(hosts, config, pool);
                UnifiedJedis jedis = new JedisCluster(provider, CLUSTER_ATTEMPTS, timeout);
                yield new JedisTransport(
                        jedis,
                        new JedisConnections(true, () -> provider.getNodes().values()),
                        timeout,
                        true);
            }
        };
    }

    /** Without retries; this constructor is the one that all versions of Jedis have. */
    private static final class PlainJedis extends UnifiedJedis {

        PlainJedis(ConnectionProvider provider) {
            super(provider, (RedisProtocol) null);
        }
    }

    @Override
    public String client() {
        return "Jedis";
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public boolean cluster() {
        return connections.cluster();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        try {
            return texts(again(() -> jedis.evalsha(script.digest(), keys, arguments)));
        } catch (JedisNoScriptException e) {
            return texts(jedis.eval(script.source(), keys, arguments));
        }
    }

    /**
     * Calls once more, a few times, if the connection turns out to be cut: a server that was restarted leaves dead
     * connections in the pool. Not after a time-out, which has taken its time already. And once more after a server
     * said that it is no master any more, whose connections are closed then. Every script may be run twice.
     */
    private <T> T again(Supplier<T> call) {
        boolean demoted = false;
        for (int left = DEAD_CONNECTIONS; ; left--) {
            try {
                return call.get();
            } catch (JedisConnectionException e) {
                if (left == 0
                        || !(e.getCause() == null || e.getCause() instanceof SocketException)
                        || e.getCause() instanceof ConnectException) {
                    throw e;
                }
                repeats.incrementAndGet();
            } catch (JedisDataException e) {
                if (demoted || cluster() || !RedisErrors.isDemoted(String.valueOf(e.getMessage()))) {
                    throw e;
                }
                demoted = true;
                connections.clear();
            }
        }
    }

    @Override
    public long repeats() {
        return repeats.get();
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        try {
            return again(() -> pipelined(script, keys, arguments, replicas, longest));
        } catch (JedisNoScriptException | JedisRedirectionException e) {
            // A pipeline neither loads a script nor learns where a slot has moved to; a plain call does both.
            run(script, keys, arguments);
            return pipelined(script, keys, arguments, replicas, longest);
        }
    }

    private Confirmed pipelined(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        try (AbstractPipeline pipeline = newPipeline()) {
            Response<Object> answer = pipeline.evalsha(script.digest(), keys, arguments);
            Response<Long> acks = pipeline.waitReplicas(keys.get(0), replicas, longest.toMillis());
            pipeline.sync();
            return new Confirmed(texts(answer.get()), acks.get().intValue());
        }
    }

    /** By name, because the type it declares to return differs between versions of Jedis. */
    private AbstractPipeline newPipeline() {
        try {
            return (AbstractPipeline) UnifiedJedis.class.getMethod("pipelined").invoke(jedis);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every Jedis has pipelines", e);
        }
    }

    private static List<String> texts(@Nullable Object answer) {
        if (!(answer instanceof List<?> list)) {
            throw new IllegalStateException("unexpected answer " + answer);
        }
        List<String> texts = new ArrayList<>(list.size());
        list.forEach(element -> texts.add(String.valueOf(element)));
        return texts;
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        return JedisSubscription.start(jedis, connections, channel, listener);
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        Set<String> found = new LinkedHashSet<>();
        if (!cluster()) {
            scan(found, pattern, limit, jedis::scan);
        } else {
            for (Pool<Connection> node : connections.pools()) {
                try (Connection connection = node.getResource()) {
                    scan(found, pattern, limit, new Jedis(connection)::scan);
                }
            }
        }
        return found.stream().limit(limit).toList();
    }

    @FunctionalInterface
    interface Scan {
        ScanResult<String> next(String cursor, ScanParams params);
    }

    private static void scan(Set<String> found, String pattern, int limit, Scan scan) {
        ScanParams params = new ScanParams().match(pattern).count(SCANNED_AT_ONCE);
        String cursor = ScanParams.SCAN_POINTER_START;
        for (int scans = 0; scans < MOST_SCANS && found.size() < limit; scans++) {
            ScanResult<String> result = scan.next(cursor, params);
            found.addAll(result.getResult());
            cursor = result.getCursor();
            if (result.isCompleteIteration()) {
                return;
            }
        }
    }

    @Override
    public void close() {
        if (owned) {
            jedis.close();
        }
    }
}
