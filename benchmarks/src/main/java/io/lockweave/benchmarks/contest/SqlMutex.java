package io.lockweave.benchmarks.contest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** The floors of T6: one statement to take and one to give back, by hand. For keys that are free. */
final class SqlMutex implements Mutex {

    static final String TABLE =
            "create table if not exists raw_lock (id varchar(64) primary key, owner varchar(64), expires bigint)";

    private static final String[] LEASE = {
        "insert into raw_lock values (?, ?, extract(epoch from clock_timestamp()) * 1000 + 30000) on conflict"
                + " (id) do update"
                + " set owner = excluded.owner, expires = excluded.expires"
                + " where raw_lock.expires < extract(epoch from clock_timestamp()) * 1000",
        "update raw_lock set expires = 0 where id = ? and owner = ?"
    };

    private static final String[] ADVISORY = {
        "select pg_advisory_lock(hashtextextended(?, 0))", "select pg_advisory_unlock(hashtextextended(?, 0))"
    };

    private final DataSource source;
    private final String[] statements;
    private final boolean byToken;

    private SqlMutex(DataSource source, String[] statements, boolean byToken) {
        this.source = source;
        this.statements = statements;
        this.byToken = byToken;
    }

    /** A row in a table, taken by an upsert and given back by whoever has the token in it. */
    static SqlMutex lease(DataSource source) {
        return new SqlMutex(source, LEASE, true);
    }

    /** An advisory lock; on a pool of one connection, since it belongs to its session. */
    static SqlMutex advisory(DataSource source) {
        return new SqlMutex(source, ADVISORY, false);
    }

    @Override
    public void run(String key, Runnable body) throws SQLException {
        String[] values = byToken ? new String[] {key, UUID.randomUUID().toString()} : new String[] {key};
        execute(statements[0], values);
        try {
            body.run();
        } finally {
            execute(statements[1], values);
        }
    }

    private void execute(String sql, String... values) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    @Override
    public void close() {
        // the pool is the caller's
    }
}
