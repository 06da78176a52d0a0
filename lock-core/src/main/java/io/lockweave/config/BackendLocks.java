package io.lockweave.config;

import io.lockweave.LockListener;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.LocksBuilder;
import io.lockweave.spi.LockBackend;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The {@link Locks} of each configured backend, made when first asked for. Safe for use from any thread. */
public final class BackendLocks implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.lockweave");

    private final LockweaveConfig config;
    private final Function<String, LockBackend> backends;
    private final List<LockListener> listeners;
    private final Map<String, Locks> made = new ConcurrentHashMap<>();
    private final ReentrantLock making = new ReentrantLock();
    private final @Nullable ShutdownHook hook;
    private boolean closed;

    /** Locks as this configuration says. */
    public BackendLocks(LockweaveConfig config) {
        this(config, config::open, List.of());
    }

    /** As this configuration says, on backends from the function, heard by these listeners; for containers. */
    public BackendLocks(
            LockweaveConfig config, Function<String, LockBackend> backends, List<? extends LockListener> listeners) {
        this(config, backends, listeners, false);
    }

    private BackendLocks(
            LockweaveConfig config,
            Function<String, LockBackend> backends,
            List<? extends LockListener> listeners,
            boolean endWithJvm) {
        this.config = config;
        this.backends = backends;
        this.listeners = List.copyOf(listeners);
        this.hook = endWithJvm ? new ShutdownHook(this) : null;
    }

    /** As this configuration says; when the JVM ends, work under locks that are kept in a store can come to its end. */
    public static BackendLocks ofProgram(LockweaveConfig config) {
        return new BackendLocks(config, config::open, List.of(), true);
    }

    /**
     * The locks of a backend; of the primary one for an empty name.
     *
     * @throws LockUsageException if there is no such backend, its settings are wrong, or it was not in use before the
     *     program began to end
     */
    public Locks get(String backend) {
        String name = backend.isEmpty() ? config.backend() : backend;
        Locks locks = made.get(name);
        return locks != null ? locks : make(name);
    }

    /** One at a time, and on a lock that virtual threads can wait for: making a backend may mean to connect. */
    private Locks make(String name) {
        making.lock();
        try {
            Locks before = made.get(name);
            if (before != null) {
                return before;
            }
            boolean ending = hook != null && !name.equals(LockweaveConfig.LOCAL) && !hook.isAdded();
            if (closed || ending) {
                throw new LockUsageException(
                        (closed ? "Lockweave is shut down" : "The JVM is shutting down") + "; no locks of backend \""
                                + name + "\" can be had",
                        "do not ask for locks after or during shutdown");
            }
            Locks locks = build(name);
            made.put(name, locks);
            return locks;
        } finally {
            making.unlock();
        }
    }

    private Locks build(String name) {
        if (!config.backendChosen() && name.equals(LockweaveConfig.LOCAL)) {
            LOG.log(
                    Level.INFO,
                    "No lockweave.backend is configured: locks work inside this JVM only (backend local)."
                            + " Set lockweave.backend to lock across processes");
        }
        LocksBuilder builder = Locks.builder(backends.apply(name));
        listeners.forEach(builder::listener);
        if (config.namespace() != null) {
            builder.namespace(config.namespace());
        }
        if (config.waitTime() != null) {
            builder.waitTime(config.waitTime());
        }
        if (config.leaseTime() != null) {
            builder.leaseTime(config.leaseTime());
        }
        if (config.maxHoldTime() != null) {
            builder.maxHoldTime(config.maxHoldTime());
        }
        if (config.longHold() != null) {
            builder.longHold(config.longHold());
        }
        if (config.failFastAfter() != null) {
            builder.failFastAfter(config.failFastAfter());
        }
        if (config.release() != null) {
            builder.release(config.release());
        }
        return builder.build();
    }

    /**
     * Begins to end all locks made here, see {@link Locks#drain}.
     *
     * @return completes when nothing is held any more, or when the configured time is over
     */
    CompletableFuture<?> drain() {
        return drain(config.acceptTime());
    }

    /** As {@link #drain()}, with this time in which owners without a lock still get one. */
    public CompletableFuture<?> drain(Duration acceptTime) {
        return CompletableFuture.allOf(made.values().stream()
                .map(locks -> locks.drain(acceptTime, config.holdTime()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Closes all locks made here, whatever fails. Whoever asks for one of them later gets it closed. */
    @Override
    public void close() {
        making.lock();
        try {
            closed = true;
        } finally {
            making.unlock();
        }
        if (hook != null) {
            hook.remove();
        }
        made.forEach((name, locks) -> {
            try {
                locks.close();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "The locks of backend " + name + " did not close cleanly", e);
            }
        });
    }
}
