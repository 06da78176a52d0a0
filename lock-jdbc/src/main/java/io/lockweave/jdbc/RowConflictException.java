package io.lockweave.jdbc;

import java.sql.SQLException;

/**
 * The isolation level of the transaction does not let it go on (SQLSTATE 40001 at REPEATABLE READ and above): the row
 * was changed by another transaction after this one had begun to read. No lock helps; roll back, and do the whole
 * transaction again. The cause is the database's {@link SQLException}.
 */
public final class RowConflictException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RowConflictException(String row, SQLException cause) {
        super(
                "Lock " + row + " was given up by the database, because the row was changed after this transaction had"
                        + " begun to read (" + cause.getMessage() + "). To fix it: do the transaction again from its"
                        + " beginning, lock the row before the first read, or use READ COMMITTED.",
                cause);
    }
}
