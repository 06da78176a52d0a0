package io.lockweave.jdbc;

import io.lockweave.jdbc.dialect.LockStrength;

/** How strongly a row is locked. What a database does not have is an error that names both. */
public enum RowStrength {
    /** Against every other lock and change of the row. */
    UPDATE,
    /** As {@link #UPDATE}, but rows that refer to this one may be inserted. PostgreSQL. */
    NO_KEY_UPDATE,
    /** Against changes; others may take the same lock. PostgreSQL, MySQL and MariaDB. */
    SHARE,
    /** Against deletion and changes of the key. PostgreSQL. */
    KEY_SHARE;

    LockStrength inDialect() {
        return LockStrength.valueOf(name());
    }
}
