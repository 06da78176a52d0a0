package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The databases known by name, and how each tells its own clock: microseconds since 1970 in UTC, never through a time zone.
 * All but the first four get by with standard SQL.
 */
public enum Database {
    /** A double has room for microseconds until 2255, and is computed faster than what EXTRACT gives. */
    POSTGRESQL("(date_part('epoch', clock_timestamp()) * 1000000)::bigint"),
    MYSQL("timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))"),
    MARIADB("timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))"),
    H2("cast(extract(epoch from current_timestamp(6)) * 1000000 as bigint)"),
    HSQLDB("(unix_millis() * 1000)"),
    /** Has no clock without a time zone but this function, which its schema creates. */
    DERBY("(${schema}lockweave_millis() * 1000)"),
    SQLITE("(cast(unixepoch('subsec') * 1000 as integer) * 1000)"),
    /** Untested, as is the next one. */
    ORACLE(
            "(extract(day from (${utc})) * 86400000000 + extract(hour from (${utc})) * 3600000000"
                    + " + extract(minute from (${utc})) * 60000000 + round(extract(second from (${utc})) * 1000000))",
            "sys_extract_utc(systimestamp) - timestamp '1970-01-01 00:00:00'"),
    SQLSERVER("datediff_big(microsecond, '19700101', sysutcdatetime())"),
    /** Anything else; the clock is found by trial or given by the user. */
    PORTABLE("");

    private final String clock;

    Database(String clock) {
        this.clock = clock;
    }

    Database(String clock, String utc) {
        this(clock.replace("${utc}", utc));
    }

    /** An SQL expression for the database's clock; empty for {@link #PORTABLE}. */
    public String clock(TableName table) {
        return clock.replace("${schema}", table.schemaPrefix());
    }

    /** Whether {@code SELECT ... FOR UPDATE} locks a row, so that it need not be updated for that. */
    public boolean locksByReading() {
        return this == POSTGRESQL || this == MYSQL || this == MARIADB || this == H2;
    }

    /** Whether its drivers can bound the wait for the network. */
    public boolean hasNetworkTimeout() {
        return this == POSTGRESQL || isMySqlKind() || this == ORACLE || this == SQLSERVER;
    }

    /**
     * The clause behind an ordered query that makes it plan for its first rows only; empty where none is known to work. A
     * limit set through the driver comes too late for that.
     */
    public String firstRows(int rows) {
        return switch (this) {
            case POSTGRESQL, MYSQL, MARIADB, H2, HSQLDB, SQLITE -> " limit " + rows;
            case DERBY, ORACLE -> " fetch first " + rows + " rows only";
            case SQLSERVER, PORTABLE -> "";
        };
    }

    public boolean isMySqlKind() {
        return this == MYSQL || this == MARIADB;
    }

    /** The name used in properties, messages and file names. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Database detect(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName().toLowerCase(Locale.ROOT);
        if (product.contains("mysql")) {
            // MariaDB calls itself so where it is reached through the other one's driver.
            String version = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT);
            return version.contains("mariadb") ? MARIADB : MYSQL;
        }
        if (product.contains("hsql")) {
            return HSQLDB;
        }
        if (product.contains("microsoft sql server")) {
            return SQLSERVER;
        }
        return Arrays.stream(values())
                .filter(database -> database != PORTABLE && product.contains(database.id()))
                .findFirst()
                .orElse(PORTABLE);
    }

    public static Database named(String id) {
        return Arrays.stream(values())
                .filter(database -> database.id().equals(id.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new LockUsageException(
                        "There is no dialect \"" + id + "\"",
                        "choose one of "
                                + Arrays.stream(values()).map(Database::id).collect(Collectors.joining(", "))
                                + ", or leave it out to have it detected"));
    }
}
