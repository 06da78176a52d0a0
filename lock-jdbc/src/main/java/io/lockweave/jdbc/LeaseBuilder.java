package io.lockweave.jdbc;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.lease.LeaseSetup;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Builds the backend whose locks are rows of a table. Not safe for use from several threads. */
public final class LeaseBuilder {

    /** The table's name unless another one is given. */
    static final String TABLE = "lockweave_lock";

    /** Longer by far than any statement can take, whose idea of the time is that of its beginning. */
    private static final Duration LEAST_KEPT = Duration.ofMinutes(1);

    private final DataSource dataSource;
    private String table = TABLE;
    private boolean initializeSchema;
    private boolean listen = true;
    private Duration timeout = Duration.ofSeconds(5);
    private Duration keepFree = Duration.ofMinutes(10);
    private @Nullable Dialect dialect;
    private @Nullable String clock;
    private Runnable afterClose = () -> {};

    LeaseBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * The lock table, perhaps with its schema before a dot; {@code lockweave_lock} by default. It is checked when the
     * backend is built.
     */
    public LeaseBuilder table(String table) {
        this.table = Objects.requireNonNull(table, "table");
        return this;
    }

    /** Whether to create the table if it is missing; off by default. Needs the right to. */
    public LeaseBuilder initializeSchema(boolean initializeSchema) {
        this.initializeSchema = initializeSchema;
        return this;
    }

    /**
     * The dialect, where it is not to be detected: {@code postgresql}, {@code mysql}, {@code mariadb}, {@code h2},
     * {@code hsqldb}, {@code derby}, {@code sqlite}, {@code oracle}, {@code sqlserver} or {@code portable}.
     *
     * @throws LockUsageException if there is no such dialect
     */
    public LeaseBuilder dialect(String dialect) {
        this.dialect = Dialects.named(dialect);
        return this;
    }

    /**
     * For a database not known by name: an SQL expression for its clock, in whole microseconds since 1970 in UTC. It
     * becomes part of the statements as it is, so it must come from the program, never from outside.
     */
    public LeaseBuilder clock(String expression) {
        this.clock = Objects.requireNonNull(expression, "expression");
        return this;
    }

    /** How long one call may take if the database does not answer; 5 seconds by default. */
    public LeaseBuilder timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new LockUsageException("timeout = " + timeout, "give a positive time, well below the lease time");
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * Whether to listen for releases where the database can tell them (PostgreSQL); on by default. It takes one
     * connection of the data source for as long as the backend is open, from the first wait on.
     */
    public LeaseBuilder listen(boolean listen) {
        this.listen = listen;
        return this;
    }

    /**
     * How long a row is kept after its last grant, if it is free then, before the clean-up removes it; 10 minutes by
     * default. So a lock that was held longer than that may be removed as soon as it is free. While the row is there,
     * fences of its key grow even if the database's clock is set back.
     *
     * @throws LockUsageException if less than a minute: a statement under way must not outlive a row
     */
    public LeaseBuilder keepFree(Duration keepFree) {
        if (keepFree.compareTo(LEAST_KEPT) < 0) {
            throw new LockUsageException("keepFree = " + keepFree, "give a minute or more");
        }
        return keepFreeAsShortAs(keepFree);
    }

    /** For tests that count rows right after. A claim under way meanwhile may then be given an old fence. */
    LeaseBuilder keepFreeAsShortAs(Duration keepFree) {
        this.keepFree = keepFree;
        return this;
    }

    /** What to do when the backend is closed. */
    LeaseBuilder afterClose(Runnable afterClose) {
        this.afterClose = afterClose;
        return this;
    }

    /**
     * The backend, after a look at the database: detects the dialect, and checks the table and the rights on it. The
     * data source stays the caller's and is not closed with the backend.
     *
     * @throws LockUsageException if the table's name is not a plain SQL name, or the database's clock cannot be found
     * @throws LockBackendException if the database cannot be reached, or the table, a column or a right is missing; the
     *     message has the SQL that fixes it
     */
    public LockStore build() {
        return new LeaseSetup(
                        dataSource, table, initializeSchema, listen, timeout, keepFree, dialect, clock, afterClose)
                .open();
    }
}
