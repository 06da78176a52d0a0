package io.lockweave.jdbc.connection;

import io.lockweave.spi.BackgroundThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Gets connections for callers who wait no longer than they may, however long the data source lets them wait. Where one
 * may have to be waited for, a thread of this class asks for it, and what comes too late goes back. Not more than two
 * ask at once, so that locks take few connections of a pool that others need.
 */
public final class ConnectionFetcher implements AutoCloseable {

    /**
     * How long a caller with no time left may still wait for a connection: the round trip of a call that does not wait
     * for its lock.
     */
    private static final long LEAST_WAIT_NANOS = 1_000_000_000;

    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 5;

    private final DataSource dataSource;
    private final KnownPool pool;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ConnectionFetcher::thread);

    /** Of this data source. */
    public ConnectionFetcher(DataSource dataSource) {
        this.dataSource = dataSource;
        this.pool = KnownPool.of(dataSource);
        threads.allowCoreThreadTimeOut(true);
    }

    /** How many nanoseconds a caller with no time left waits, where no call may take longer than the time-out. */
    public static long leastWait(long timeout) {
        return Math.min(timeout, LEAST_WAIT_NANOS);
    }

    private static Thread thread(Runnable work) {
        return BackgroundThreads.daemon("lockweave-jdbc-connections", work);
    }

    /**
     * A connection. An interrupt does not end the wait, and is not lost.
     *
     * @throws NoConnectionException if none came in that time
     */
    public Connection get(long nanos) throws SQLException {
        if (pool.hasIdle()) {
            return dataSource.getConnection();
        }
        CompletableFuture<Connection> fetched = new CompletableFuture<>();
        try {
            threads.execute(() -> fetch(fetched));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return dataSource.getConnection(); // closed, or no thread can be started at this moment
        }
        return await(fetched, nanos);
    }

    private void fetch(CompletableFuture<Connection> fetched) {
        if (fetched.isDone()) {
            return; // whoever asked has gone
        }
        try {
            Connection connection = dataSource.getConnection();
            if (!fetched.complete(connection)) {
                connection.close();
            }
        } catch (Throwable e) { // for the one who asked, if that one is still there
            fetched.completeExceptionally(e);
        }
    }

    private static Connection await(CompletableFuture<Connection> fetched, long nanos) throws SQLException {
        boolean interrupted = false;
        long deadline = System.nanoTime() + nanos;
        try {
            while (true) {
                try {
                    return fetched.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    NoConnectionException none = new NoConnectionException(nanos);
                    if (fetched.completeExceptionally(none)) {
                        throw none;
                    }
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SQLException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof SQLException sql) {
            return sql;
        }
        if (cause instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new SQLException(cause);
    }

    /** Its threads end; a connection is then waited for as long as the data source says. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
