package io.lockweave.jdbc.lease;

import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys with several holders, shared or by permits, and exclusive claims on them. Everything happens under the lock of
 * the key's own row, in a short transaction.
 */
final class GroupRows {

    /** How often to begin anew when the key's own row is cleaned up between two steps. */
    private static final int TRIES = 5;

    /** How long PostgreSQL remembers that somebody waits; a waiter asks again sooner. */
    static final long REMEMBER_WAITER = Duration.ofSeconds(5).toNanos() / 1_000;

    /** How long an exclusive claim that waits holds others off; it asks again sooner. */
    private static final long REMEMBER_WRITER =
            LockStore.POLL_WITH_PUSH.multipliedBy(3).toNanos() / 1_000;

    /** The living holders of a key, and whether the claim's owner is among them. */
    private record Group(int holders, long firstEnd, long lastEnd, long ownFence, long ownNextFence) {

        static Group read(ResultSet row) throws SQLException {
            return new Group(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
        }
    }

    private final LeaseSql sql;

    GroupRows(LeaseSql sql) {
        this.sql = sql;
    }

    Attempt acquire(OpenConnection connection, Claim claim) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            Optional<Attempt> attempt = connection.transaction(() -> Optional.ofNullable(attempt(connection, claim)));
            if (attempt.isPresent()) {
                return attempt.get();
            }
            connection.insertIfAbsent(sql.insertFree, claim.key().fingerprint(), ClaimRows.name(claim.key()));
        }
        return new Attempt.Busy(Duration.ofMillis(1), null);
    }

    private @Nullable Attempt attempt(OpenConnection connection, Claim claim) throws SQLException {
        String key = claim.key().fingerprint();
        KeyRow row = lock(connection, key);
        if (row == null) {
            return null;
        }
        if (!row.isFree() && !row.isGroup()) {
            return busy(connection, claim, row.leaseLeft(), row.holder());
        }
        connection.update(sql.deleteDead, key);
        Group group = group(connection, key, claim.owner());
        if (group.ownFence() != 0) {
            give(connection, sql.prolongHolder, ClaimRows.micros(claim.lease()), key, claim.owner());
            return new Attempt.Granted(ClaimRows.grant(claim, group.ownFence(), group.ownNextFence()));
        }
        if (group.holders() > 0) {
            refuseOtherNumber(claim, row);
            boolean together = claim.mode() == row.mode() && claim.mode() != LockMode.EXCLUSIVE;
            boolean full = claim.mode() == LockMode.PERMIT && group.holders() >= claim.permits();
            if (!together || full) {
                if (claim.mode() == LockMode.EXCLUSIVE && claim.willWait()) {
                    connection.update(sql.markWriter, REMEMBER_WRITER, key);
                }
                return busyWithGroup(connection, claim, row, together ? group.firstEnd() : group.lastEnd());
            }
        }
        if (row.isWantedByWriter() && claim.mode() != LockMode.EXCLUSIVE) {
            return group.holders() > 0
                    ? busyWithGroup(connection, claim, row, group.lastEnd())
                    : busy(connection, claim, row.writerLeft(), null);
        }
        return new Attempt.Granted(grant(connection, claim, row.newFence()));
    }

    private Attempt busyWithGroup(OpenConnection connection, Claim claim, KeyRow row, long end) throws SQLException {
        HolderRow holder = latestHolder(connection, claim.key().fingerprint());
        return busy(
                connection,
                claim,
                Duration.of(end - row.now(), ChronoUnit.MICROS),
                holder == null ? null : holder.holder());
    }

    private Grant grant(OpenConnection connection, Claim claim, long fence) throws SQLException {
        String key = claim.key().fingerprint();
        long nextFence = fence + claim.fences();
        long lease = ClaimRows.micros(claim.lease());
        if (claim.mode() == LockMode.EXCLUSIVE) {
            List<Object> values =
                    new ArrayList<>(List.of(claim.owner(), ClaimRows.place(claim), fence, nextFence, lease));
            if (sql.takeOrQueue != null) {
                values.add(sql.channels().entry(claim));
            }
            values.add(key);
            give(connection, sql.giveToOwner, values.toArray());
        } else {
            String mode = ModeColumn.text(claim.mode());
            connection.update(
                    sql.insertHolder,
                    key,
                    claim.owner(),
                    ClaimRows.name(claim.key()),
                    mode,
                    claim.permits(),
                    claim.owner(),
                    ClaimRows.place(claim),
                    fence,
                    nextFence,
                    lease);
            give(connection, sql.giveToGroup, mode, claim.permits(), fence, nextFence, key);
        }
        return new Grant(claim, fence, claim.fences());
    }

    /**
     * The last change of a grant. On PostgreSQL it returns a row, whose only use is that the commit waits for the disk.
     */
    private static void give(OpenConnection connection, String sql, @Nullable Object... values) throws SQLException {
        connection.first(sql, row -> true, values);
    }

    private Attempt busy(OpenConnection connection, Claim claim, Duration retryAfter, @Nullable LockHolder holder)
            throws SQLException {
        if (claim.willWait() && sql.mark != null) {
            connection.first(
                    sql.mark, KeyRow::read, REMEMBER_WAITER, claim.key().fingerprint());
        }
        return new Attempt.Busy(retryAfter, holder);
    }

    private static void refuseOtherNumber(Claim claim, KeyRow row) {
        if (claim.mode() == LockMode.PERMIT && row.mode() == LockMode.PERMIT && claim.permits() != row.permits()) {
            throw new LockUsageException(
                    "Lock " + claim.key() + " is asked for with " + claim.permits() + " permits and is in use with "
                            + row.permits(),
                    "give the same number of permits everywhere this key is used");
        }
    }

    /**
     * Does this under the lock of the key's own row: after the commit of a take that is still on its way, whose caller
     * gave it up.
     */
    <T> T afterOthers(OpenConnection connection, String key, OpenConnection.Steps<T> steps) throws SQLException {
        return connection.transaction(() -> {
            lock(connection, key);
            return steps.run();
        });
    }

    /** Frees the key's own row if nobody of a group is left alive. Used by the clean-up. */
    void settle(OpenConnection connection, String key) throws SQLException {
        connection.transaction(() -> {
            KeyRow row = lock(connection, key);
            if (row == null || !row.isGroup()) {
                return 0;
            }
            connection.update(sql.deleteDead, key);
            boolean over = group(connection, key, LeaseSql.NOBODY).holders() == 0;
            return over ? connection.update(sql.free, key) : 0;
        });
    }

    /** Frees a key whoever holds it; returns whether somebody did. */
    boolean free(OpenConnection connection, String key) throws SQLException {
        return connection.transaction(() -> {
            KeyRow row = lock(connection, key);
            if (row == null) {
                return false;
            }
            connection.update(sql.deleteDead, key);
            int holders = connection.update(sql.deleteHolders, key);
            boolean alone = !row.isGroup() && !row.isFree();
            connection.update(sql.free, key);
            return holders > 0 || alone;
        });
    }

    /** Locks the key's own row; null if there is none. A row that comes after the touch is not locked by it. */
    private @Nullable KeyRow lock(OpenConnection connection, String key) throws SQLException {
        boolean isThere = sql.locksByReading() || connection.update(sql.touch, key) > 0;
        return isThere ? connection.first(sql.lock, KeyRow::read, key) : null;
    }

    private Group group(OpenConnection connection, String key, String owner) throws SQLException {
        Group group = connection.first(sql.group, Group::read, owner, owner, key);
        return group == null ? new Group(0, 0, 0, 0, 0) : group;
    }

    private @Nullable HolderRow latestHolder(OpenConnection connection, String key) throws SQLException {
        return connection.list(1, sql.latestHolder, HolderRow::read, key).stream()
                .findFirst()
                .orElse(null);
    }
}
