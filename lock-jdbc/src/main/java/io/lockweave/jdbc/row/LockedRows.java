package io.lockweave.jdbc.row;

import java.util.List;

/**
 * Rows that a statement has locked.
 *
 * @param rows their primary keys as text
 * @param transaction what the database calls the transaction; empty if it does not say
 */
record LockedRows(List<String> rows, String transaction) {

    static final LockedRows NONE = new LockedRows(List.of(), "");

    boolean isEmpty() {
        return rows.isEmpty();
    }
}
