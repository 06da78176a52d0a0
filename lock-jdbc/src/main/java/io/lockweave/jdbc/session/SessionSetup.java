package io.lockweave.jdbc.session;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.CallTimeout;
import io.lockweave.jdbc.connection.ConnectionFetcher;
import io.lockweave.jdbc.connection.DatabaseDescription;
import io.lockweave.jdbc.connection.SessionIdentity;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.SessionSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a backend of session locks is to be, and the look at the database that makes a store of it.
 *
 * @param dialect null: detected
 */
public record SessionSetup(DataSource dataSource, @Nullable Dialect dialect, Duration timeout, Runnable afterClose) {

    /**
     * Detects the dialect.
     *
     * @throws LockUsageException if the database has no session locks
     */
    public SessionStore open() {
        boolean interrupted = Thread.interrupted();
        try (Connection connection = dataSource.getConnection()) {
            Dialect detected = Dialects.detect(connection.getMetaData());
            Dialect database = dialect != null ? dialect : detected;
            SessionSql sql = database.session();
            if (sql == null) {
                throw new LockUsageException(
                        "The database " + database.id() + " has no session locks",
                        "use the strategy lease, which works on every database");
            }
            if (!database.hasSessionLocks(connection)) {
                throw new LockUsageException(
                        "This database calls itself " + database.id()
                                + " and has its functions for session locks, but a lock that they took is not there",
                        "use the strategy lease");
            }
            ConnectionFetcher connections = new ConnectionFetcher(dataSource);
            String number = database.sessionNumber();
            if (number != null && SessionIdentity.isShared(connection, connections, number)) {
                throw new LockUsageException(
                        "Two connections of this data source share a session of the database, as behind a pooler that"
                                + " switches sessions between transactions (PgBouncer): a session lock would be"
                                + " nobody's there",
                        "connect past the pooler, or use the strategy lease");
            }
            return new SessionStore(
                    new Opening(connections, timeout, detected, sql, DatabaseDescription.of(connection.getMetaData())),
                    detected,
                    sql.takeShared() != null,
                    afterClose);
        } catch (SQLException e) {
            throw SqlFailures.translate(Dialects.PORTABLE, "Looking at the database", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Opens sessions on connections of the data source. */
    private record Opening(
            ConnectionFetcher connections, Duration timeout, Dialect dialect, SessionSql sql, String description)
            implements SessionSource {

        @Override
        public LockSession open(long nanos) throws SQLException {
            long most = timeout.toNanos();
            long wait = Math.min(most, Math.max(nanos, ConnectionFetcher.leastWait(most)));
            return LockSession.open(connections.get(wait), new CallTimeout(timeout), dialect, sql);
        }

        @Override
        public void close() {
            connections.close();
        }
    }
}
