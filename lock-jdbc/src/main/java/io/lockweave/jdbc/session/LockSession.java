package io.lockweave.jdbc.session;

import io.lockweave.LockBackendException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.jdbc.connection.CallTimeout;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.SessionSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one connection whose database session holds the locks. Not safe for use from several threads at once. */
final class LockSession {

    private static final int MYSQL_NO_SUCH_SESSION = 1094;

    private final Connection connection;
    private final CallTimeout bounds;
    private final Dialect dialect;
    private final SessionSql sql;
    private final boolean autoCommit;
    private final int networkTimeout;
    private final long id;
    private boolean used;

    private LockSession(Connection connection, CallTimeout bounds, Dialect dialect, SessionSql sql)
            throws SQLException {
        this.connection = connection;
        this.bounds = bounds;
        this.dialect = dialect;
        this.sql = sql;
        this.networkTimeout = bounds.apply(dialect, connection);
        this.autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
        this.id = number(sql.session());
    }

    /** On this connection, which is closed if that fails. */
    static LockSession open(Connection connection, CallTimeout bounds, Dialect dialect, SessionSql sql)
            throws SQLException {
        try {
            return new LockSession(connection, bounds, dialect, sql);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether a call has been made on it before, so that it may have been closed since. */
    boolean wasUsed() {
        return used;
    }

    void used() {
        used = true;
    }

    /** The database's id of the session. */
    long id() {
        return id;
    }

    /**
     * The database's clock in microseconds, read after the lock was taken; 0 if it is busy.
     *
     * @param past whether an exclusive claim takes it past those who wait
     */
    long take(LockKey key, LockMode mode, boolean past) throws SQLException {
        String shared = mode == LockMode.SHARED ? sql.takeShared() : null;
        long clock;
        try (PreparedStatement take = past
                        ? prepared(sql.takePast(), sql.name(key))
                        : prepared(shared == null ? sql.takeExclusive() : shared, sql.throughTurnstile(key));
                ResultSet row = take.executeQuery()) {
            row.next();
            boolean taken = row.getInt(1) == 1;
            requireSame(row.getLong(2));
            if (!taken) {
                return 0;
            }
            clock = row.getLong(3);
        }
        return sql.readClock() == null ? clock : number(sql.readClock());
    }

    /** Holds off those who come later; false if another session does so already. */
    boolean keepTurnstile(LockKey key) throws SQLException {
        return number(sql.keepTurnstile(), sql.turnstile(key)) == 1;
    }

    void leaveTurnstile(LockKey key) throws SQLException {
        number(sql.leaveTurnstile(), sql.turnstile(key));
    }

    /** Whether the session held it. */
    boolean release(LockKey key, LockMode mode) throws SQLException {
        String statement =
                mode == LockMode.SHARED && sql.releaseShared() != null ? sql.releaseShared() : sql.releaseExclusive();
        return number(statement, sql.name(key)) == 1;
    }

    /** Fails if the session is gone, or another one than it was. */
    void check() throws SQLException {
        requireSame(number(sql.session()));
    }

    private void requireSame(long session) {
        if (session != id) {
            throw LockBackendException.lasting(
                    "The connection that keeps the locks changed its database session from " + id + " to " + session
                            + ": a pooler switches sessions between transactions, so session locks hold nothing. To fix"
                            + " it: connect past the pooler, let it pool by session, or use the strategy lease",
                    null);
        }
    }

    /** Who holds the key in other sessions. */
    List<LockHolder> holders(LockKey key) throws SQLException {
        List<LockHolder> holders = new ArrayList<>();
        try (PreparedStatement find = prepared(sql.holder(), sql.name(key));
                ResultSet row = find.executeQuery()) {
            while (row.next()) {
                if (row.getLong(1) != id) {
                    LockPlace place = new LockPlace(row.getString(2), row.getLong(1), row.getString(3));
                    holders.add(new LockHolder("unknown", place, LockMode.EXCLUSIVE, 0, null, null));
                }
            }
        }
        return holders;
    }

    /**
     * Ends another session, with all its locks.
     *
     * @return the database's refusal, which says nothing against this session; none if the other one is over
     */
    Optional<SQLException> end(long session) throws SQLException {
        try (PreparedStatement end = prepared(sql.end(), session)) {
            end.execute();
            return Optional.empty();
        } catch (SQLException e) {
            if (SqlFailures.isConnectionGone(e) || dialect.isEndedByServer(e)) {
                throw e;
            }
            return e.getErrorCode() == MYSQL_NO_SUCH_SESSION ? Optional.empty() : Optional.of(e);
        }
    }

    private long number(String statement, Object... values) throws SQLException {
        try (PreparedStatement query = prepared(statement, values);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private PreparedStatement prepared(String statement, Object... values) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        try {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    /** Gives the connection back as it was; all locks must have been released. */
    void giveBack() throws SQLException {
        try (connection) {
            if (!autoCommit) {
                connection.setAutoCommit(false);
            }
            bounds.restore(connection, networkTimeout);
        }
    }

    /** Cuts the connection, so that nobody gets it from a pool with locks on it. */
    void cut() {
        try (connection) {
            connection.abort(Runnable::run);
            number(sql.session()); // fails, which tells a pool to drop the connection
        } catch (SQLException e) {
            // as it should be
        }
    }
}
