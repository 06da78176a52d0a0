package io.lockweave.redis;

import io.lockweave.spi.BackgroundThreads;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.connection.ConnectionListener;

/**
 * The Redisson in use: one that was passed in, or one of our own, which is replaced when its connections lead to a
 * server that is no master any more. Redisson itself keeps such connections.
 */
final class RedissonClients {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    /** A client younger than this is not replaced again: the address may need a moment to lead elsewhere. */
    private static final long YOUNG = TimeUnit.MILLISECONDS.toNanos(500);

    /** A connection ended while a call was under way, perhaps on it. */
    static final class Cut extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Cut(InetSocketAddress address) {
            super("a connection to " + address + " ended before the answer");
        }
    }

    private final @Nullable Supplier<RedissonClient> opener;
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final ConcurrentMap<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile RedissonClient client;
    private long opened = System.nanoTime();

    private RedissonClients(RedissonClient client, @Nullable Supplier<RedissonClient> opener) {
        this.client = client;
        this.opener = opener;
        countEnds(client);
    }

    /** Uses this client, and leaves it open in the end. */
    static RedissonClients of(RedissonClient client) {
        return new RedissonClients(client, null);
    }

    static RedissonClients opening(Supplier<RedissonClient> opener) {
        return new RedissonClients(opener.get(), opener);
    }

    private void countEnds(RedissonClient redisson) {
        if (redisson instanceof Redisson known) {
            known.getServiceManager().getConnectionEventsHub().addListener(new EndOfConnections());
        }
    }

    /** Implements what is deprecated in favour of methods that call just that unless overridden. */
    @SuppressWarnings("deprecation")
    private final class EndOfConnections implements ConnectionListener {

        @Override
        public void onConnect(InetSocketAddress address) {
            // of no interest
        }

        @Override
        public void onDisconnect(InetSocketAddress address) {
            ended.incrementAndGet();
            underWay.values().forEach(call -> call.completeExceptionally(new Cut(address)));
        }
    }

    RedissonClient client() {
        return client;
    }

    /** How many connections have ended: Redisson repeats what was under way on one. */
    long ended() {
        return ended.get();
    }

    /**
     * Waits for an answer, and fails as soon as any connection has ended: Redisson leaves its caller waiting for what
     * was under way on it until the time is over.
     *
     * @throws Cut if a connection has ended; the call may have been done
     */
    <T> T answerUnlessCut(CompletionStage<T> answer, Duration longest) {
        CompletableFuture<T> mine = answer.toCompletableFuture().copy();
        long call = calls.incrementAndGet();
        underWay.put(call, mine);
        try {
            return Awaiting.answer(mine, longest);
        } finally {
            underWay.remove(call);
            answer.toCompletableFuture().cancel(false); // if it is still under way, nobody waits for it
        }
    }

    /** Opens another client in place of this one, if that is ours to do; false if nothing changed. */
    boolean replace(RedissonClient useless) {
        if (opener == null || !replacing.tryLock()) {
            return client != useless;
        }
        try {
            if (client != useless || System.nanoTime() - opened < YOUNG) {
                return client != useless;
            }
            RedissonClient fresh = opener.get();
            countEnds(fresh);
            client = fresh;
            opened = System.nanoTime();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "There is no other server yet", e);
            return false;
        } finally {
            replacing.unlock();
        }
        BackgroundThreads.daemon("lockweave-redis-end", () -> useless.shutdown(0, 2, TimeUnit.SECONDS))
                .start();
        return true;
    }

    void close() {
        replacing.lock();
        try {
            if (opener != null) {
                client.shutdown();
            }
        } finally {
            replacing.unlock();
        }
    }
}
