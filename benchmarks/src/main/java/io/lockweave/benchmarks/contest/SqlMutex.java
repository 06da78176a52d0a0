package io.lockweave.benchmarks.contest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The floors of T6: one statement to take and one to give back, by hand. For keys that are free. */
final class SqlMutex implements Mutex {

    static final String TABLE = "create table if not exists raw_lock (id text primary key, owner text, expires bigint)";

    /** A row in a table, taken by an upsert. */
    static final String[] LEASE = {
        "insert into raw_lock values (?, 'me', extract(epoch from clock_timestamp()) * 1000 + 30000) on conflict (id) do update"
                + " set owner = excluded.owner, expires = excluded.expires"
                + " where raw_lock.expires < extract(epoch from clock_timestamp()) * 1000",
        "update raw_lock set expires = 0 where id = ? and owner = 'me'"
    };

    /** An advisory lock; on a pool of one connection, since it belongs to its session. */
    static final String[] ADVISORY = {
        "select pg_advisory_lock(hashtextextended(?, 0))", "select pg_advisory_unlock(hashtextextended(?, 0))"
    };

    private final DataSource source;
    private final String[] statements;

    SqlMutex(DataSource source, String[] statements) {
        this.source = source;
        this.statements = statements.clone();
    }

    @Override
    public void run(String key, Runnable body) throws SQLException {
        execute(statements[0], key);
        try {
            body.run();
        } finally {
            execute(statements[1], key);
        }
    }

    private void execute(String sql, String key) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            statement.execute();
        }
    }

    @Override
    public void close() {
        // the pool is the caller's
    }
}
