package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.WaitSetting;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The locking of the row or rows of one key. */
final class RowStatement {

    private final RowTarget target;
    private final List<Object> values;

    RowStatement(RowTarget target, List<Object> values) {
        this.target = target;
        this.values = values;
    }

    RowTarget target() {
        return target;
    }

    List<Object> values() {
        return values;
    }

    /**
     * The rows it is about, without a lock: their primary keys as text. On MySQL and MariaDB the database is not asked
     * for a row by its primary key: a plain SELECT fixes what the transaction sees, and what comes under the lock later
     * would be read as it was before.
     */
    List<String> look() throws SQLException {
        if (target.sql().readFixesWhatIsSeen() && target.byPrimaryKey()) {
            return List.of(RowKeys.text(values));
        }
        return rows(target.lookSql(), false).rows();
    }

    /** Locks what can be locked without waiting, all or nothing; nothing if a row is locked elsewhere. */
    Optional<LockedRows> runAtOnce() throws SQLException {
        try {
            return Optional.of(run(Duration.ZERO));
        } catch (SQLException e) {
            if (target.table().dialect().isLockTimeout(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Leaves out what others have locked. */
    LockedRows runSkipping() throws SQLException {
        return rows(target.sql().lock(target.table().dialect(), target.select(true, null)), true);
    }

    /** Locks within the time; null: as the database is set. */
    LockedRows run(@Nullable Duration waitTime) throws SQLException {
        if (waitTime == null || !target.sql().failureEndsTransaction()) {
            return runWithSetting(waitTime);
        }
        // A statement that fails would leave nothing of the transaction but its end: so none is sent that may, or a
        // savepoint is set before it, which costs the server a transaction id.
        if (target.byPrimaryKey()) {
            LockedRows atOnce = runSkipping();
            if (!atOnce.isEmpty() || (waitTime.isZero() && look().isEmpty())) {
                return atOnce;
            }
            if (waitTime.isZero()) {
                throw new SQLException("the row is locked by another transaction", "55P03");
            }
        }
        WaitSetting setting = target.sql().waitSetting();
        return waitTime.isZero() || setting == null
                ? Savepoints.kept(target.connection(), () -> runWithSetting(waitTime))
                : Savepoints.keptWaiting(
                        target,
                        setting,
                        RowLockSql.millis(waitTime),
                        !target.byPrimaryKey(),
                        () -> rows(lockingSql(waitTime), true));
    }

    private String lockingSql(@Nullable Duration waitTime) {
        return target.sql().lock(target.table().dialect(), target.select(false, waitTime));
    }

    private LockedRows runWithSetting(@Nullable Duration waitTime) throws SQLException {
        String locking = lockingSql(waitTime);
        WaitSetting setting = target.sql().waitSetting();
        if (waitTime == null || waitTime.isZero() || setting == null) {
            return rows(locking, true);
        }
        return Savepoints.waiting(
                target, setting, RowLockSql.millis(waitTime), !target.byPrimaryKey(), () -> rows(locking, true));
    }

    private LockedRows rows(String sql, boolean locking) throws SQLException {
        try (PreparedStatement query = target.connection().prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                target.table().bind(query, i + 1, target.columns().get(i), values.get(i));
            }
            List<String> rows = new ArrayList<>();
            String transaction = "";
            try (ResultSet row = query.executeQuery()) {
                int width = row.getMetaData().getColumnCount();
                while (row.next()) {
                    rows.add(target.row(row, 1, values));
                    transaction = locking && !target.sql().transactionColumn().isEmpty() ? row.getString(width) : "";
                }
            }
            return new LockedRows(rows, transaction);
        }
    }
}
