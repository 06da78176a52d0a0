package io.lockweave.jdbc;

import io.lockweave.LockUsageException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the databases spell the locking of rows, and what each of them does not have. */
final class RowLockSql {

    private RowLockSql() {}

    /** The statement for one key. A wait time is in it where the database has a clause for that. */
    static String select(RowTable table, List<String> columns, RowLock lock, @Nullable Duration waitTime) {
        String where = columns.stream().map(column -> column + " = ?").collect(Collectors.joining(" and "));
        String order = lock.column() == null || table.primaryKey().isEmpty()
                ? ""
                : " order by " + String.join(", ", table.primaryKey());
        return "select 1 from " + table.quoted() + " where " + where + order + " "
                + strength(table.database(), lock.strength())
                + wait(table.database(), lock, waitTime);
    }

    private static String strength(Database database, RowStrength strength) {
        return switch (strength) {
            case UPDATE -> "for update";
            case NO_KEY_UPDATE -> only(database == Database.POSTGRESQL, database, strength, "for no key update");
            case KEY_SHARE -> only(database == Database.POSTGRESQL, database, strength, "for key share");
            case SHARE ->
                only(
                        database == Database.POSTGRESQL || database.isMySqlKind(),
                        database,
                        strength,
                        database == Database.MARIADB ? "lock in share mode" : "for share");
        };
    }

    private static String only(boolean has, Database database, RowStrength strength, String clause) {
        if (!has) {
            throw new LockUsageException(
                    "The database " + database.id() + " has no row locks of the strength " + strength,
                    "use UPDATE there");
        }
        return clause;
    }

    private static String wait(Database database, RowLock lock, @Nullable Duration waitTime) {
        if (lock.skipsLocked()) {
            return " skip locked";
        }
        if (waitTime == null) {
            return "";
        }
        if (waitTime.isZero()) {
            return " nowait";
        }
        return switch (database) {
            case H2 -> " wait " + waitTime.toMillis() / 1_000 + "." + "%03d".formatted(waitTime.toMillis() % 1_000);
            case MARIADB, ORACLE -> " wait " + wholeSeconds(waitTime);
            default -> "";
        };
    }

    /** Whether a wait time is a setting of the session instead of a clause. */
    static boolean waitsBySetting(Database database) {
        return database == Database.POSTGRESQL || database == Database.MYSQL;
    }

    /** Databases that count seconds wait a little longer rather than not at all. */
    static long wholeSeconds(Duration time) {
        return Math.max(1, Math.min(1_000_000, (time.toMillis() + 999) / 1_000));
    }
}
