package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The databases known by name. */
public final class Dialects {

    /** For whatever is not known; also until a database has been seen. */
    public static final Dialect PORTABLE = new PortableDialect();

    /** In the order in which they are looked for; MariaDB calls itself MySQL through the other one's driver. */
    private static final List<Dialect> KNOWN = List.of(
            new PostgresDialect(),
            new MariaDbDialect(),
            new MySqlDialect(),
            new H2Dialect(),
            new HsqldbDialect(),
            new DerbyDialect(),
            new SqliteDialect(),
            new OracleDialect(),
            new SqlServerDialect());

    private Dialects() {}

    /** All but the portable one. */
    public static List<Dialect> known() {
        return KNOWN;
    }

    /** The database behind a connection; the portable one if it is not known. */
    public static Dialect detect(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName().toLowerCase(Locale.ROOT);
        String version = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT);
        return KNOWN.stream()
                .filter(dialect -> dialect.isNamed(product, version))
                .findFirst()
                .orElse(PORTABLE);
    }

    /**
     * The database of this name.
     *
     * @throws LockUsageException if there is none
     */
    public static Dialect named(String id) {
        String wanted = id.toLowerCase(Locale.ROOT);
        if (wanted.equals(PORTABLE.id())) {
            return PORTABLE;
        }
        return KNOWN.stream()
                .filter(dialect -> dialect.id().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new LockUsageException(
                        "There is no dialect \"" + id + "\"",
                        "choose one of " + KNOWN.stream().map(Dialect::id).collect(Collectors.joining(", "))
                                + ", portable, or leave it out to have it detected"));
    }
}
