package io.lockweave.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;

/** The contract on a database that calls itself PostgreSQL and has no notifications. */
class LeaseOnSilentPostgresIT extends LeaseBackendContract {

    private static final DataSource SILENT = RewrittenSql.of(TestDatabase.POSTGRESQL.pool(), sql -> {
        if (sql.contains("pg_notify")) {
            throw new SQLException("ERROR: unknown function: pg_notify()", "42883");
        }
        return sql;
    });

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    DataSource pool() {
        return SILENT;
    }

    @Override
    String table() {
        return "lockweave_silent";
    }
}
