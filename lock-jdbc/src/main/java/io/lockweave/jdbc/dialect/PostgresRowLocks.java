package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's row locks; the wait is bounded by settings of the transaction. */
final class PostgresRowLocks extends RowLockSql implements WaitSetting {

    static final PostgresRowLocks ONE = new PostgresRowLocks();

    /** Goes to the server with the statement behind it. A name that is there already is only hidden by this one. */
    private static final String SAVEPOINT = "savepoint lockweave_row; ";

    /** Gives the time-out as it was. */
    private static final String SET_LOCK_TIMEOUT = SAVEPOINT + """
            with old as materialized (select current_setting('lock_timeout') as l),
            done as materialized (select set_config('lock_timeout', ?, true) from old)
            select l from old, done""";

    /** The same with the time-out of statements, unless that is shorter already. */
    private static final String SET_BOTH_TIMEOUTS = SAVEPOINT + """
            with old as materialized (
              select current_setting('lock_timeout') as l, current_setting('statement_timeout') as s),
            done as materialized (select set_config('lock_timeout', ?, true),
              case when s::interval = interval '0' or s::interval > cast(? as interval)
                then set_config('statement_timeout', ?, true) end from old)
            select l, s from old, done""";

    /** Types whose arrays have the same name wherever they are looked for. */
    private static final Set<String> ARRAYS =
            Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "text", "varchar", "uuid", "date");

    private static final String RESTORE = "select set_config('lock_timeout', ?, true)";

    @Override
    @Nullable
    String strength(LockStrength strength) {
        return switch (strength) {
            case UPDATE -> "for update";
            case NO_KEY_UPDATE -> "for no key update";
            case SHARE -> "for share";
            case KEY_SHARE -> "for key share";
        };
    }

    @Override
    public WaitSetting waitSetting() {
        return this;
    }

    @Override
    public boolean failureEndsTransaction() {
        return true;
    }

    @Override
    public String transactionId() {
        return "select txid_current_if_assigned()";
    }

    @Override
    public String transactionColumn() {
        return ", txid_current()";
    }

    @Override
    public boolean takesArrays(String typeName) {
        return ARRAYS.contains(typeName);
    }

    /** In the order of the keys as they were given, because a collation may have another one. */
    @Override
    public String lockMany(
            String table, String found, List<String> columns, LockStrength strength, boolean skipsLocked) {
        StringBuilder values = new StringBuilder();
        StringBuilder names = new StringBuilder();
        StringBuilder join = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            values.append(i == 0 ? "?" : ", ?");
            names.append('c').append(i).append(", ");
            join.append(i == 0 ? "" : " and ")
                    .append("t.")
                    .append(columns.get(i))
                    .append(" = k.c")
                    .append(i);
        }
        return "select k.n" + (found.isEmpty() ? "" : ", " + found) + ", txid_current() from " + table
                + " t join unnest(" + values + ") with ordinality as k(" + names + "n) on " + join
                + " order by k.n" + (found.isEmpty() ? " " : ", " + found + " ") + strength(strength) + " of t"
                + (skipsLocked ? " skip locked" : "");
    }

    /** The wait for a lock is counted for each row anew. */
    @Override
    public List<String> set(Connection connection, long millis, boolean wholeStatement) throws SQLException {
        String time = millis + "ms";
        return wholeStatement
                ? WaitSetting.texts(connection, SET_BOTH_TIMEOUTS, time, time, time)
                : WaitSetting.texts(connection, SET_LOCK_TIMEOUT, time);
    }

    @Override
    public boolean keepsTransaction() {
        return true;
    }

    /** A failure ends the transaction, unless it goes back to the savepoint, which takes the settings back too. */
    @Override
    public void restore(Connection connection, List<String> before, boolean failed) throws SQLException {
        if (!failed) {
            String restore = before.size() == 1 ? RESTORE : RESTORE + ", set_config('statement_timeout', ?, true)";
            WaitSetting.texts(connection, restore + "; release savepoint lockweave_row", before.toArray(new String[0]));
        } else if (!connection.isClosed()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("rollback to savepoint lockweave_row; release savepoint lockweave_row");
            }
        }
    }
}
