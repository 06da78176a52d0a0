package io.lockweave.jdbc;

import javax.sql.DataSource;

/**
 * Where to begin: locks in a relational database.
 *
 * <pre>{@code
 * Locks locks = Locks.builder(JdbcBackend.lease(dataSource).initializeSchema(true).build()).build();
 * }</pre>
 *
 * <p>The data source should be a pool. Each call takes one connection for a moment, outside of any transaction of the
 * caller, and gives it back as it was found; a lock that is held keeps no connection. A thread that takes a lock while
 * it holds a connection of the same pool needs two, so a small pool is best not shared: give the locks one of their
 * own.
 */
public final class JdbcBackend {

    private JdbcBackend() {}

    /** Locks as rows of a table, each with a lease by the database's clock. Works on every database. */
    public static LeaseBuilder lease(DataSource dataSource) {
        return new LeaseBuilder(dataSource);
    }

    /**
     * Locks of a database session (PostgreSQL's advisory locks, {@code GET_LOCK} of MySQL and MariaDB): no table, no
     * lease; free the moment the session ends. All are on one connection, which is taken from the data source for as
     * long as the backend is open. Not through a pooler that switches sessions between transactions.
     */
    public static SessionBuilder session(DataSource dataSource) {
        return new SessionBuilder(dataSource);
    }
}
