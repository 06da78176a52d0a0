package io.lockweave.jdbc;

import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockBackendFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Makes the backend {@code jdbc} from properties: {@code url}, {@code username}, {@code password}, {@code pool-size},
 * {@code strategy} ({@code lease} or {@code session}), {@code table}, {@code initialize-schema}, {@code dialect},
 * {@code timeout}, {@code listen} and {@code keep-free}. Its connections come from a pool of its own, so HikariCP has
 * to be on the class path; a program that has a {@link javax.sql.DataSource} uses {@link JdbcBackend} instead.
 */
public final class JdbcBackendFactory implements LockBackendFactory {

    private static final int POOL_SIZE = 5;

    /** For {@link java.util.ServiceLoader}. */
    public JdbcBackendFactory() {}

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public Set<String> properties() {
        return Set.of(
                "url",
                "username",
                "password",
                "pool-size",
                "strategy",
                "table",
                "initialize-schema",
                "dialect",
                "timeout",
                "listen",
                "keep-free");
    }

    @Override
    public LockBackend create(BackendSettings settings) {
        String url = settings.text("url")
                .orElseThrow(() -> new LockUsageException(
                        "lockweave.backend is jdbc, and lockweave.jdbc.url is missing",
                        "say where the database is, for example lockweave.jdbc.url = jdbc:postgresql://localhost/app"));
        OwnPool pool = open(
                url,
                settings.text("username").orElse(""),
                settings.text("password").orElse(""),
                settings.number("pool-size", 2, POOL_SIZE));
        try {
            return over(pool.dataSource(), settings, pool::close);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * As {@link #create}, over a data source of the caller, which stays open when the backend is closed; {@code url}
     * and the other properties of a pool are not read.
     *
     * @throws LockUsageException if the value of a property is wrong
     * @throws io.lockweave.LockBackendException if the database cannot be reached or the table cannot be used
     */
    public LockBackend over(DataSource dataSource, BackendSettings settings) {
        return over(dataSource, settings, () -> {});
    }

    /** As {@link #over(DataSource, BackendSettings)}; runs that when the backend has been closed. */
    public LockBackend over(DataSource dataSource, BackendSettings settings, Runnable afterClose) {
        return settings.oneOf("strategy", List.of("lease", "session")).equals("lease")
                ? lease(dataSource, settings, afterClose)
                : session(dataSource, settings, afterClose);
    }

    private static OwnPool open(String url, String username, String password, int size) {
        try {
            return OwnPool.open(url, username, password, size);
        } catch (NoClassDefFoundError e) {
            throw new LockUsageException(
                    "lockweave.jdbc.url is set, and HikariCP is not on the class path",
                    "add com.zaxxer:HikariCP, or hand a DataSource to JdbcBackend in the program",
                    e);
        }
    }

    private static LockBackend lease(DataSource dataSource, BackendSettings settings, Runnable afterClose) {
        LeaseBuilder builder = JdbcBackend.lease(dataSource)
                .table(settings.text("table").orElse(LeaseBuilder.TABLE))
                .initializeSchema(settings.flag("initialize-schema", false))
                .listen(settings.flag("listen", true))
                .keepFree(settings.duration("keep-free", Duration.ofMinutes(10)))
                .timeout(settings.duration("timeout", Duration.ofSeconds(5)))
                .afterClose(afterClose);
        settings.text("dialect").ifPresent(builder::dialect);
        return builder.build();
    }

    private static LockBackend session(DataSource dataSource, BackendSettings settings, Runnable afterClose) {
        SessionBuilder builder = JdbcBackend.session(dataSource)
                .timeout(settings.duration("timeout", Duration.ofSeconds(5)))
                .afterClose(afterClose);
        settings.text("dialect").ifPresent(builder::dialect);
        return builder.build();
    }
}
