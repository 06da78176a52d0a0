package io.lockweave.jdbc;

/** What if a row to be locked does not exist. */
public enum OnMissingRow {
    /** {@link MissingRowException}. */
    THROW,
    /** Go on with the rows that do. */
    IGNORE
}
