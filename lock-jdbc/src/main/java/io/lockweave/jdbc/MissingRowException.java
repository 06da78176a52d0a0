package io.lockweave.jdbc;

/** A row that was to be locked does not exist. The rows before it, if any, stay locked until the transaction ends. */
public final class MissingRowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MissingRowException(String table, String key) {
        super("There is no row " + key + " in table " + table
                + " to lock. Check it before, or set onMissing to IGNORE if that is all right.");
    }
}
