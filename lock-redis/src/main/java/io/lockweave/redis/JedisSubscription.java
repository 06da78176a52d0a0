package io.lockweave.redis;

import io.lockweave.spi.BackgroundThreads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.UnifiedJedis;

/** Listens with Jedis, which needs a thread for that: a daemon that subscribes again whenever the connection breaks. */
final class JedisSubscription extends JedisPubSub implements RedisTransport.Subscription, Runnable {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    private static final Duration BEGIN = Duration.ofSeconds(3);
    private static final long RETRY_LEAST = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long RETRY_MOST = TimeUnit.SECONDS.toNanos(1);
    private static final long END_MILLIS = 500;

    private final UnifiedJedis jedis;
    private final JedisConnections connections;
    private final String channel;
    private final RedisTransport.Listener listener;
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private final Thread thread = BackgroundThreads.daemon("lockweave-redis-listen", this);
    private volatile boolean closed;
    private volatile boolean wasListening;
    private volatile @Nullable Connection listening;

    private JedisSubscription(
            UnifiedJedis jedis, JedisConnections connections, String channel, RedisTransport.Listener listener) {
        this.jedis = jedis;
        this.connections = connections;
        this.channel = channel;
        this.listener = listener;
    }

    /** Listens from a thread of its own; fails if that cannot be begun. */
    static JedisSubscription start(
            UnifiedJedis jedis, JedisConnections connections, String channel, RedisTransport.Listener listener) {
        JedisSubscription subscription = new JedisSubscription(jedis, connections, channel, listener);
        subscription.thread.start();
        try {
            Awaiting.answer(subscription.begun, BEGIN);
            return subscription;
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
    }

    @Override
    public void run() {
        long retry = RETRY_LEAST;
        while (!closed) {
            wasListening = false;
            try {
                listen();
            } catch (RuntimeException e) {
                if (begun.completeExceptionally(e)) {
                    return;
                }
                if (!closed) {
                    LOG.log(Level.INFO, "Listening to Redis broke off and is begun again: {0}", e.getMessage());
                }
            }
            if (!closed) {
                retry = wasListening ? RETRY_LEAST : Math.min(RETRY_MOST, retry * 2);
                LockSupport.parkNanos(retry);
            }
        }
    }

    private void listen() {
        Connection own = connections.toListen();
        if (own == null) {
            jedis.subscribe(this, channel);
            return;
        }
        listening = own;
        try {
            proceed(own, channel);
        } finally {
            listening = null;
            own.close();
        }
    }

    @Override
    public void onSubscribe(String channel, int subscribed) {
        wasListening = true;
        listener.listening();
        begun.complete(true);
        if (closed) {
            unsubscribe();
        }
    }

    @Override
    public void onMessage(String channel, String message) {
        listener.message(message);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            if (isSubscribed()) {
                unsubscribe();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "The connection was gone already", e);
        }
        awaitEnd();
        Connection deaf = listening;
        if (deaf != null && thread.isAlive()) { // nobody answers at the other end
            try {
                deaf.forceDisconnect();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "The connection was gone already", e);
            }
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
