package io.lockweave.redis;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private final String channel;
    private final RedisTransport.Listener listener;
    private final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    private final Thread thread = new Thread(this, "lockweave-redis-listen");
    private volatile boolean closed;
    private volatile boolean wasListening;

    private JedisSubscription(UnifiedJedis jedis, String channel, RedisTransport.Listener listener) {
        this.jedis = jedis;
        this.channel = channel;
        this.listener = listener;
    }

    /** Listens from a thread of its own; fails if that cannot be begun. */
    static JedisSubscription start(UnifiedJedis jedis, String channel, RedisTransport.Listener listener) {
        JedisSubscription subscription = new JedisSubscription(jedis, channel, listener);
        subscription.thread.setDaemon(true);
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
                jedis.subscribe(this, channel);
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
