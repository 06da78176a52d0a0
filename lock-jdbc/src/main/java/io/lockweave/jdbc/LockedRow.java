package io.lockweave.jdbc;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Locks rows of one's own table in the transaction the method runs in ({@code SELECT ... FOR UPDATE}), before the
 * method begins; they stay locked until that transaction commits or rolls back. Without an active transaction it is an
 * error before any SQL. lock-spring makes it work on Spring's beans; elsewhere use {@link RowLocks}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface LockedRow {

    /** The table, perhaps with its schema before a dot. */
    String table();

    /**
     * Which row: a SpEL expression over the parameters, as for {@link io.lockweave.Locked#key}. A collection or array:
     * all of these rows, in one order whatever the order given. For a primary key of several columns, a list with one
     * value for each column, in the order of the key.
     */
    String key();

    /** The column to look in; empty: the primary key. */
    String column() default "";

    /**
     * How long to wait for a row that is locked: {@code "0"} not at all, {@code "SKIP"} leave such rows out, a time
     * such as {@code "5s"}; empty: as the database is set.
     */
    String waitTime() default "";

    /** How strongly. */
    RowStrength strength() default RowStrength.UPDATE;

    /** What if there is no such row. */
    OnMissingRow onMissing() default OnMissingRow.THROW;
}
