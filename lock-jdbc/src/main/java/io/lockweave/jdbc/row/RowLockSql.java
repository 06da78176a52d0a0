package io.lockweave.jdbc.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Database;
import io.lockweave.jdbc.dialect.LockStrength;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the databases spell the locking of rows, and what each of them does not have. */
final class RowLockSql {

    private RowLockSql() {}

    /**
     * The statement for one key, which gives the primary keys of its rows. A wait time is in it where the database has a
     * clause for that.
     */
    static String select(RowTable table, List<String> columns, RowRequest lock, @Nullable Duration waitTime) {
        String order = lock.column() == null || table.primaryKey().isEmpty()
                ? ""
                : " order by " + String.join(", ", table.primaryKey());
        return look(table, columns) + order + " "
                + strength(table.database(), lock.strength())
                + wait(table.database(), lock, waitTime);
    }

    /** The same without a lock. */
    static String look(RowTable table, List<String> columns) {
        String found = table.primaryKey().isEmpty() ? "1" : String.join(", ", table.primaryKey());
        String where = columns.stream().map(column -> column + " = ?").collect(Collectors.joining(" and "));
        return "select " + found + " from " + table.quoted() + " where " + where;
    }

    private static String strength(Database database, LockStrength strength) {
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

    private static String only(boolean has, Database database, LockStrength strength, String clause) {
        if (!has) {
            throw new LockUsageException(
                    "The database " + database.id() + " has no row locks of the strength " + strength,
                    "use UPDATE there");
        }
        return clause;
    }

    private static String wait(Database database, RowRequest lock, @Nullable Duration waitTime) {
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
            case H2 -> String.format(Locale.ROOT, " wait %.3f", wholeMillis(waitTime) / 1e3);
            case MARIADB, ORACLE -> " wait " + wholeSeconds(waitTime);
            default -> "";
        };
    }

    /** Whether a wait time is a setting of the session instead of a clause. */
    static boolean waitsBySetting(Database database) {
        return database == Database.POSTGRESQL || database == Database.MYSQL;
    }

    /** What is left of a wait may be less than a millisecond, and no database takes more than an int of them. */
    static long wholeMillis(Duration time) {
        Duration most = Duration.ofMillis(Integer.MAX_VALUE);
        return time.compareTo(most) >= 0
                ? most.toMillis()
                : time.plusNanos(999_999).toMillis();
    }

    /** Databases that count seconds wait a little longer rather than not at all. */
    static long wholeSeconds(Duration time) {
        return Math.min(1_000_000, (wholeMillis(time) + 999) / 1_000);
    }
}
