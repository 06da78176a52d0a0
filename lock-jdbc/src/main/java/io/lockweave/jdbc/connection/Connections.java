package io.lockweave.jdbc.connection;

import io.lockweave.LockBackendException;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Lends connections of a {@link DataSource} for short calls of their own, never the caller's transaction. A call that
 * the database undid because of another one beside it is repeated, so what it does must be idempotent. The interrupt
 * flag of the calling thread is kept away from the driver and restored.
 */
public final class Connections implements AutoCloseable {

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T with(OpenConnection connection) throws SQLException;
    }

    private static final int TRIES = 20;

    private static final long FIRST_PAUSE_NANOS = 100_000;

    private static final int LONGEST_PAUSE_SHIFT = 7;

    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    private final ConnectionFetcher fetcher;
    private final CallTimeout bounds;
    private final long timeout;
    /** The database behind the data source; the portable one until it was seen. */
    private volatile Dialect dialect = Dialects.PORTABLE;

    private volatile boolean detected;

    public Connections(DataSource dataSource, Duration timeout) {
        this.fetcher = new ConnectionFetcher(dataSource);
        this.bounds = new CallTimeout(timeout);
        this.timeout = timeout.toNanos();
    }

    /** Where the database is known before it was seen. */
    Connections(DataSource dataSource, Duration timeout, Dialect dialect) {
        this(dataSource, timeout);
        this.dialect = dialect;
        this.detected = true;
    }

    /**
     * Runs the work, which may be done again at any point: a pool may hand out connections that died while nobody used
     * them, and a reply may be lost.
     *
     * @param doing what it does, for messages: "Asking for lock x"
     * @throws io.lockweave.LockBackendException if the database fails
     */
    public <T> T call(String doing, Work<T> work) {
        return call(doing, work, connection -> Optional.of(work.with(connection)));
    }

    /**
     * As {@link #call}, for work whose answer would be another one if it had been done before. If its outcome is
     * unknown, the repair is done instead of it: the same work, and how to tell what became of it.
     *
     * @param repair gives the answer, or nothing if it cannot be told, which is then the failure that led here
     */
    public <T> T call(String doing, Work<T> work, Work<Optional<T>> repair) {
        return call(doing, timeout, work, repair);
    }

    /**
     * As {@link #call}, for a caller who has no more time than this. It waits no longer for a connection, or a second
     * if less is left. If none comes, trying again does not help: the caller may keep one that others wait for.
     */
    public <T> T callWithin(Duration left, String doing, Work<T> work) {
        long most = left.compareTo(LONGEST_WAIT) < 0 ? left.toNanos() : LONGEST_WAIT.toNanos();
        try {
            return call(doing, Math.max(most, leastWait()), work, connection -> Optional.of(work.with(connection)));
        } catch (LockBackendException e) {
            if (e.getCause() instanceof NoConnectionException) {
                throw LockBackendException.lasting(String.valueOf(e.getMessage()), e.getCause());
            }
            throw e;
        }
    }

    /** As {@link #call}, and waits no more than a second for a connection: there is another way to do it. */
    public <T> T callSoon(String doing, Work<T> work) {
        return call(doing, leastWait(), work, connection -> Optional.of(work.with(connection)));
    }

    private long leastWait() {
        return ConnectionFetcher.leastWait(timeout);
    }

    private <T> T call(String doing, long waitNanos, Work<T> work, Work<Optional<T>> repair) {
        boolean interrupted = Thread.interrupted();
        long start = System.nanoTime();
        SQLException unknown = null;
        try {
            for (int tries = 1; ; tries++) {
                boolean connected = false;
                try (OpenConnection connection = open(start + waitNanos)) {
                    connected = true;
                    interrupted |= Thread.interrupted();
                    Optional<T> answer = unknown == null ? Optional.of(work.with(connection)) : repair.with(connection);
                    if (answer.isPresent()) {
                        return answer.get();
                    }
                    throw SqlFailures.translate(dialect, doing, Objects.requireNonNull(unknown));
                } catch (SQLException e) {
                    boolean cutShort = Thread.interrupted();
                    interrupted |= cutShort;
                    boolean again = !(e instanceof NoConnectionException)
                            && (cutShort || isCured(e, System.nanoTime() - start));
                    if (!again || tries == TRIES) {
                        throw SqlFailures.translate(dialect, doing, e);
                    }
                    pause(tries);
                    if (unknown == null && connected && !SqlFailures.isSurelyNotDone(dialect, e)) {
                        unknown = e;
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets the others of a conflict go first, each for another time. */
    private static void pause(int tries) {
        long most = FIRST_PAUSE_NANOS << Math.min(tries, LONGEST_PAUSE_SHIFT);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most));
    }

    /** Whether doing it again may help at once, and there is time for it: a contention may have been waited for. */
    private boolean isCured(SQLException e, long nanosGone) {
        boolean passing = dialect.isContention(e) || SqlFailures.isConnectionGone(e) || dialect.isEndedByServer(e);
        return passing && nanosGone < timeout / 2;
    }

    private OpenConnection open(long deadline) throws SQLException {
        Connection connection = connection(deadline - System.nanoTime());
        try {
            if (!detected) {
                dialect = Dialects.detect(connection.getMetaData());
                detected = true;
            }
            return new OpenConnection(connection, dialect, bounds);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** What a pool says of itself has no SQLSTATE: it waited as long as it lets anybody wait. */
    private Connection connection(long nanos) throws SQLException {
        try {
            return fetcher.get(nanos);
        } catch (SQLTransientConnectionException e) {
            throw Dialect.state(e).isEmpty() && !(e instanceof NoConnectionException)
                    ? new NoConnectionException(e)
                    : e;
        }
    }

    /** Ends the threads that ask for connections. */
    @Override
    public void close() {
        fetcher.close();
    }
}
