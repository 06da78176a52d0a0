package io.lockweave.jdbc.lease;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.jdbc.connection.Connections;
import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.jdbc.dialect.LeaseTable;
import io.lockweave.spi.BackgroundThreads;
import io.lockweave.spi.Claim;
import java.lang.System.Logger.Level;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Removes rows that nobody holds, in the background: of all JVMs on one table, one does it about once a minute. It
 * walks along the primary key in pages and deletes in short statements, each of which checks once more that the row is
 * free. Rows are kept for some time after their last use, since they remember their fence.
 */
final class CleanUp implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.lockweave.jdbc");

    private static final Duration EVERY = Duration.ofMinutes(1);

    /** Keys in one delete. */
    private static final int MOST = 64;

    /** The lock that one JVM takes for the time until the next run, and never gives back. */
    static final LockKey TURN = LockKey.of("clean-up").in("lockweave.jdbc");

    /** Below every key; the empty text is null on Oracle. */
    private static final String FIRST = "0";

    private static final String DOING = "Cleaning up the lock table";

    /** Rows that stay, looked at in one run: a table of any size takes a bounded time each minute. */
    private static final long MOST_KEPT = 100_000;

    /** A failure may pass; so many in a row want somebody's attention. */
    private static final int TOLD_AFTER = 3;

    /** The rows of a page, and its last key. */
    private record Visited(@Nullable String last, int rows) {}

    private record Dead(String key, boolean group) {

        static Dead read(ResultSet row) throws SQLException {
            return new Dead(row.getString(1), row.getLong(2) == LeaseTable.NEVER);
        }
    }

    private final Connections connections;
    private final LeaseSql sql;
    private final ExclusiveRow exclusive;
    private final GroupRows group;
    private final long keepFree;
    /** Where the next run goes on; used by one thread at a time. */
    private volatile String cursor = FIRST;

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean started = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> BackgroundThreads.daemon("lockweave-jdbc-clean-up", task));

    CleanUp(Connections connections, LeaseSql sql, ExclusiveRow exclusive, GroupRows group, Duration keepFree) {
        this.connections = connections;
        this.sql = sql;
        this.exclusive = exclusive;
        this.group = group;
        this.keepFree = keepFree.toNanos() / 1_000;
    }

    /** Begins with the first claim; a backend that is never used has no thread. */
    void startOnce() {
        if (!started.get() && started.compareAndSet(false, true)) {
            long millis = EVERY.toMillis();
            long first = ThreadLocalRandom.current().nextLong(millis / 2, millis);
            try {
                timer.scheduleWithFixedDelay(this::runInTurn, first, millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "The backend is closed, and somebody still asks it");
            }
        }
    }

    /** Runs if no other JVM has done so for a minute. */
    void runInTurn() {
        try {
            if (isOurTurn()) {
                run(MOST_KEPT);
            }
            failures.set(0);
        } catch (LockBackendException e) {
            int inARow = failures.incrementAndGet();
            LOG.log(
                    inARow < TOLD_AFTER ? Level.DEBUG : Level.WARNING,
                    () -> "Cleaning up the lock table failed " + inARow
                            + " times in a row; rows that nobody needs stay until it works again: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Cleaning up the lock table failed; free rows stay until it works again", e);
        }
    }

    private boolean isOurTurn() {
        String owner = UUID.randomUUID().toString().replace("-", "");
        LockPlace place = new LockPlace(
                "clean-up",
                ProcessHandle.current().pid(),
                Thread.currentThread().getName());
        Duration lease = EVERY.multipliedBy(9).dividedBy(10);
        Claim claim = new Claim(TURN, LockMode.EXCLUSIVE, 1, false, owner, lease, 1, false, place);
        return connections.call("Taking the turn to clean up", c -> {
            KeyRow row = exclusive.take(c, claim, 0);
            return row != null && ExclusiveRow.granted(claim, row) != null;
        });
    }

    /** Removes all that can be removed, from the first row on. */
    void run() {
        cursor = FIRST;
        run(Long.MAX_VALUE);
    }

    /**
     * Goes on where the last run ended, until the table's end or until so many rows were looked at that stay. Each
     * statement looks at a page, whatever it finds there.
     */
    private void run(long mostKept) {
        long kept = 0;
        while (!timer.isShutdown() && kept < mostKept) {
            String from = cursor;
            List<Dead> page = connections.call(DOING, c -> c.list(LeaseSql.PAGE, sql.dead, Dead::read, from, keepFree));
            Visited visited = visited(from, page);
            for (int i = 0; i < page.size(); i += MOST) {
                List<Dead> part = page.subList(i, Math.min(page.size(), i + MOST));
                connections.call(DOING, c -> removed(c, part));
            }
            kept += visited.rows() - page.size();
            cursor = visited.rows() < LeaseSql.PAGE || visited.last() == null ? FIRST : visited.last();
            if (cursor.equals(FIRST)) {
                return;
            }
        }
    }

    private Visited visited(String from, List<Dead> page) {
        String look = sql.visited;
        if (look == null) {
            return new Visited(page.isEmpty() ? null : page.get(page.size() - 1).key(), page.size());
        }
        return connections
                .call(DOING, c -> c.list(1, look, row -> new Visited(row.getString(1), row.getInt(2)), from))
                .get(0);
    }

    private int removed(OpenConnection connection, List<Dead> dead) throws SQLException {
        List<Object> keys = new ArrayList<>();
        for (Dead row : dead) {
            if (row.group()) {
                group.settle(connection, row.key());
            }
            keys.add(row.key());
        }
        keys.add(keepFree);
        return connection.update(sql.deleteFree(dead.size()), keys.toArray());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
