package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.KnownPool;
import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.BackgroundThreads;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of releases on PostgreSQL: one connection per backend listens, from the first wait on. What is missed while it
 * is down only makes waiters slower.
 */
final class Notifications implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.lockweave.jdbc");

    /** How long one read waits; no traffic comes of it. */
    private static final int READ_MILLIS = 10_000;

    /** How long to leave the database alone after a failure. */
    private static final long PAUSE_SECONDS = 1;

    /** How long a notification to oneself may take. */
    private static final int PROBE_MILLIS = 2_000;

    /** How long the server may take to answer whether it is still there. */
    private static final int PROBE_SECONDS = 5;

    private final DataSource dataSource;
    private final KnownPool pool;
    private final Channels channels;
    private final Map<String, List<Listener>> listeners = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    /** The connection while its reader may be cut off; before and after that it belongs to the pool as well. */
    private @Nullable Connection reading;

    private volatile boolean closed;
    private boolean evicted;

    /** Whether what is told now is heard. */
    private volatile boolean listening;

    /** A claim of this JVM that waits, or is just about to. */
    private static final class Listener {

        final String mark;
        volatile @Nullable Waker waker;
        volatile boolean told;

        Listener(String mark) {
            this.mark = mark;
        }

        void tell() {
            told = true;
            Waker known = waker;
            if (known != null) {
                known.wake();
            }
        }
    }

    Notifications(DataSource dataSource, Channels channels) {
        this.dataSource = dataSource;
        this.pool = KnownPool.of(dataSource);
        this.channels = channels;
    }

    /** Whether this driver can do it. */
    static boolean arePossible(Connection connection) {
        try {
            return connection.isWrapperFor(PGConnection.class);
        } catch (SQLException | NoClassDefFoundError e) {
            return false;
        }
    }

    /**
     * Whether what is told by another session arrives on this connection. Behind a pooler that switches sessions
     * between transactions it does not. What a session tells itself would: it comes with the answer.
     *
     * @throws SQLException also if the database has no notifications
     */
    static boolean arrive(Connection connection, OpenConnection other, String notify) throws SQLException {
        String probe = "lockweave_probe_" + UUID.randomUUID().toString().replace("-", "");
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try {
            execute(connection, "listen " + probe);
            other.first(notify, row -> true, probe, "");
            PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(PROBE_MILLIS);
            execute(connection, "unlisten " + probe);
            return heard != null && heard.length > 0;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    /** Whether what is told now is heard. */
    boolean isListening() {
        return listening;
    }

    /**
     * Before a claim is tried: from now on what is told to it is not missed. Tells whether it stands in the queue, or
     * is to; not before this JVM listens.
     */
    boolean expect(Claim claim) {
        String key = claim.key().fingerprint();
        if (!claim.willWait()) {
            return of(key, Channels.mark(claim)) != null;
        }
        if (listening) {
            listener(key, Channels.mark(claim));
        }
        return listening;
    }

    /** A claim waits no more. */
    void forget(Claim claim) {
        forget(claim.key().fingerprint(), Channels.mark(claim));
    }

    private void forget(String key, String mark) {
        listeners.computeIfPresent(key, (k, of) -> {
            of.removeIf(listener -> listener.mark.equals(mark));
            return of.isEmpty() ? null : of;
        });
    }

    private @Nullable Listener of(String key, String mark) {
        return of(mark, listeners.getOrDefault(key, List.of()));
    }

    private static @Nullable Listener of(String mark, List<Listener> all) {
        for (Listener listener : all) {
            if (listener.mark.equals(mark)) {
                return listener;
            }
        }
        return null;
    }

    private Listener listener(String key, String mark) {
        Listener made = new Listener(mark);
        List<Listener> all = listeners.compute(key, (k, known) -> {
            List<Listener> of = known == null ? new CopyOnWriteArrayList<>() : known;
            if (of(mark, of) == null) {
                of.add(made);
            }
            return of;
        });
        Listener there = of(mark, all);
        return there == null ? made : there;
    }

    Watch watch(Claim claim, Waker waker) {
        String key = claim.key().fingerprint();
        String mark = Channels.mark(claim);
        boolean expected = listening && of(key, mark) != null;
        Listener listener = listener(key, mark);
        listener.waker = waker;
        startOnce();
        boolean missedNothing = expected && listening && !listener.told;
        return new Watch() {
            @Override
            public boolean missedNothing() {
                return missedNothing;
            }

            @Override
            public void close() {
                forget(key, mark);
            }
        };
    }

    private void startOnce() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                Thread listener = BackgroundThreads.daemon("lockweave-jdbc-listener", this::listen);
                listener.start();
                thread = listener;
            }
        } finally {
            lock.unlock();
        }
    }

    private void listen() {
        boolean complained = false;
        while (!closed) {
            try (Connection connection = dataSource.getConnection()) {
                listenOn(connection);
            } catch (SQLException | RuntimeException e) {
                if (!closed) {
                    LOG.log(
                            complained ? Level.DEBUG : Level.WARNING,
                            "Listening for released locks failed; waiters look for themselves once a second until it "
                                    + "works again: " + e.getMessage());
                    complained = true;
                    pause();
                }
            }
        }
    }

    private void listenOn(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try {
            execute(connection, "listen " + channels.common());
            execute(connection, "listen " + channels.own());
            if (beginReading(connection)) {
                listening = true;
                wakeAll(); // who began to wait before this may have missed something
                read(connection);
            }
        } finally {
            listening = false;
            if (!endReading()) {
                // On a connection that was cut or died this fails, which tells its pool to drop it.
                quietly(() -> {
                    execute(connection, "unlisten " + channels.common());
                    execute(connection, "unlisten " + channels.own());
                    connection.setAutoCommit(autoCommit);
                });
            }
        }
    }

    private void read(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (!closed) {
            PGNotification[] heard = postgres.getNotifications(READ_MILLIS);
            if (heard == null || heard.length == 0) {
                if (!connection.isValid(PROBE_SECONDS)) {
                    throw new SQLException("the listening connection is dead", "08006");
                }
                continue;
            }
            for (PGNotification notification : heard) {
                wake(notification.getParameter());
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** From now on closing cuts the connection; false if that came first. */
    private boolean beginReading(Connection connection) {
        lock.lock();
        try {
            reading = closed ? null : connection;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * From now on nobody cuts the connection: it goes back to where others get it from. True if it was cut before, and
     * its pool knows that.
     */
    private boolean endReading() {
        lock.lock();
        try {
            reading = null;
            return evicted;
        } finally {
            lock.unlock();
        }
    }

    /** A key, or a key and one of the claims on it. */
    private void wake(String told) {
        String[] parts = told.split(" ", 2);
        for (Listener listener : listeners.getOrDefault(parts[0], List.of())) {
            if (parts.length == 1 || listener.mark.equals(parts[1])) {
                listener.tell();
            }
        }
    }

    private void wakeAll() {
        listeners.values().forEach(of -> of.forEach(Listener::tell));
    }

    private void pause() {
        try {
            if (closing.await(PAUSE_SECONDS, TimeUnit.SECONDS)) {
                closed = true; // never false again: it may have been set since the await ended
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            Connection connection = reading;
            if (connection != null) {
                evicted =
                        pool.evict(connection); // not by the listener, which may be late: a closed pool evicts nothing
                quietly(() -> connection.abort(Runnable::run)); // ends the read
            }
        } finally {
            lock.unlock();
        }
        closing.countDown();
        listeners.clear();
    }

    /** A step whose failure changes nothing. */
    @FunctionalInterface
    private interface Step {
        void run() throws SQLException;
    }

    private static void quietly(Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "While closing the listening connection", e);
        }
    }
}
