package io.lockweave.jdbc.connection;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;

/** The data source gave no connection in the time that there was to wait for one. */
final class NoConnectionException extends SQLTransientConnectionException {

    private static final long serialVersionUID = 1L;

    NoConnectionException(long nanos) {
        super("no connection came within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
    }

    /** The pool's own words. */
    NoConnectionException(SQLException pools) {
        super(pools.getMessage(), pools);
    }
}
