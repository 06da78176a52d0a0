package io.lockweave.jdbc;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.session.SessionSetup;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Builds the backend whose locks belong to a database session. Not safe for use from several threads. */
public final class SessionBuilder {

    private final DataSource dataSource;
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable Dialect dialect;
    private Runnable afterClose = () -> {};

    SessionBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * How long one call may take if the database does not answer, before the session counts as lost; 5 seconds by
     * default.
     */
    public SessionBuilder timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new LockUsageException("timeout = " + timeout, "give a positive time");
        }
        this.timeout = timeout;
        return this;
    }

    /**
     * The dialect, where it is not to be detected: {@code postgresql}, {@code mysql} or {@code mariadb}.
     *
     * @throws LockUsageException if there is no such dialect
     */
    public SessionBuilder dialect(String dialect) {
        this.dialect = Dialects.named(dialect);
        return this;
    }

    /** What to do when the backend is closed. */
    SessionBuilder afterClose(Runnable afterClose) {
        this.afterClose = afterClose;
        return this;
    }

    /**
     * The backend, after a look at the database. The data source stays the caller's and is not closed with the backend.
     *
     * @throws LockUsageException if the database has no session locks
     * @throws LockBackendException if the database cannot be reached
     */
    public LockStore build() {
        return new SessionSetup(dataSource, dialect, timeout, afterClose).open();
    }
}
