package io.lockweave.jdbc.lease;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.Connections;
import io.lockweave.jdbc.connection.DatabaseDescription;
import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.jdbc.connection.SessionIdentity;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.LeaseStatements;
import io.lockweave.jdbc.dialect.TableName;
import io.lockweave.spi.LockStore;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a lease table is to be, and the look at the database that makes a store of it.
 *
 * @param dialect null: detected
 * @param clock an SQL expression for the clock of a database that is not known; null: the dialect's own
 */
public record LeaseSetup(
        DataSource dataSource,
        String table,
        boolean initializeSchema,
        boolean listen,
        Duration timeout,
        Duration keepFree,
        @Nullable Dialect dialect,
        @Nullable String clock,
        Runnable afterClose) {

    private static final System.Logger LOG = System.getLogger("io.lockweave.jdbc");

    /** SQLSTATE of a function or a feature that is not there. */
    private static final Set<String> UNSUPPORTED = Set.of("42883", "0A000");

    /** How long the first connection may take: a database may be starting too. */
    private static final Duration FIRST_CONNECTION = Duration.ofMinutes(1);

    /** Detects the dialect, and checks the table and the rights on it. */
    public LockStore open() {
        try (Connections connections = new Connections(dataSource, timeout)) {
            return connections.callWithin(FIRST_CONNECTION, "Checking the lock table", this::checked);
        }
    }

    private LockStore checked(OpenConnection open) throws SQLException {
        DatabaseMetaData metaData = open.connection().getMetaData();
        TableName name = TableName.of(table, metaData);
        Dialect database = notifying(open, dialect != null ? dialect : detected(metaData));
        LeaseSql sql = checkedSql(open, database, name);
        LeaseStatements.Push push = database.lease().push();
        Notifications notifications = push != null && listen && canListen(open, database, push.notifyWaiters())
                ? new Notifications(dataSource, sql.channels())
                : null;
        String description =
                DatabaseDescription.of(metaData) + ", table " + name.quoted() + ", dialect " + database.id();
        return new LeaseStore(
                new Connections(dataSource, timeout), sql, timeout, keepFree, notifications, description, afterClose);
    }

    private LeaseSql checkedSql(OpenConnection open, Dialect database, TableName name) throws SQLException {
        SQLException failure = null;
        boolean first = true;
        for (String candidate : clocks(database, name)) {
            LeaseSql sql = new LeaseSql(database, name, candidate);
            Schema schema = new Schema(database, name, sql);
            if (first) {
                if (initializeSchema) {
                    schema.initialize(open);
                }
                schema.check(open);
                first = false;
            }
            try {
                open.list(1, sql.probeClock, row -> true);
                return sql;
            } catch (SQLException e) {
                if (!database.isLasting(e) && database != Dialects.PORTABLE) {
                    throw e;
                }
                failure = e;
            }
        }
        if (database.id().equals("derby")) {
            String ddl = new Schema(database, name, new LeaseSql(database, name, "0")).ddl();
            throw LockBackendException.lasting(
                    "The function lockweave_millis is missing (" + failure + "). To fix it: run what is not there of\n"
                            + ddl,
                    failure);
        }
        throw new LockUsageException(
                "Lockweave finds no way to read the clock of this database"
                        + (failure == null ? "" : " (" + failure.getMessage() + ")"),
                "give clock(...) an SQL expression for the microseconds since 1970 in UTC",
                failure == null ? new SQLException("none tried") : failure);
    }

    /** Expressions to try: the database's own, or for an unknown one those of all others. */
    private List<String> clocks(Dialect database, TableName name) {
        if (clock != null) {
            return List.of("(" + clock + ")");
        }
        return database != Dialects.PORTABLE
                ? List.of(database.clock(name))
                : Dialects.known().stream()
                        .map(known -> known.clock(name))
                        .distinct()
                        .toList();
    }

    /** As long as nobody listens, telling costs nothing: whether anybody can hear it is another question. */
    private static Dialect notifying(OpenConnection open, Dialect database) throws SQLException {
        LeaseStatements.Push push = database.lease().push();
        try {
            if (push != null) {
                open.list(1, push.notifyWaiters(), row -> true, "lockweave_probe", "");
            }
            return database;
        } catch (SQLException e) {
            if (!UNSUPPORTED.contains(Dialect.state(e))) {
                throw e;
            }
            LOG.log(
                    Level.WARNING,
                    "This database calls itself PostgreSQL and has no notifications (" + e.getMessage()
                            + "), so waiters poll. Lockweave is not tested on such databases. The clocks of their nodes"
                            + " must agree to a small part of the lease");
            return database.withoutNotifications();
        }
    }

    private boolean canListen(OpenConnection open, Dialect database, String notify) {
        try {
            if (!Notifications.arePossible(open.connection())) {
                return false;
            }
        } catch (NoClassDefFoundError e) {
            return false; // another driver than PostgreSQL's own
        }
        try (Connection second = dataSource.getConnection()) {
            String number = database.sessionNumber();
            boolean shared = number != null && SessionIdentity.isShared(open.connection(), second, number);
            if (!shared && Notifications.arrive(second, open, notify)) {
                return true;
            }
            LOG.log(
                    Level.WARNING,
                    "Notifications of this PostgreSQL do not arrive, as behind a pooler that switches sessions between"
                            + " transactions, so waiters poll; connect past the pooler, or set listen(false)");
            return false;
        } catch (SQLException e) {
            LOG.log(
                    Level.WARNING,
                    "The data source gives no second connection to listen on, so Lockweave does not listen for released"
                            + " locks and waiters poll; give it two connections or more, or set listen(false): "
                            + e.getMessage());
            return false;
        }
    }

    private static Dialect detected(DatabaseMetaData metaData) throws SQLException {
        Dialect database = Dialects.detect(metaData);
        String product = metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion();
        if (database == Dialects.PORTABLE) {
            LOG.log(
                    Level.WARNING,
                    "Lockweave does not know the database " + product
                            + " and uses standard SQL on it; test it well, or choose a dialect");
        }
        return database;
    }
}
