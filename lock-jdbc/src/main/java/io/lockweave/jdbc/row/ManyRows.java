package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.WaitSetting;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The locking of the rows of many keys in one statement, in the order of the keys. */
final class ManyRows {

    /** Keys in one statement. */
    private static final int MOST = 1_000;

    private final RowTarget target;

    ManyRows(RowTarget target) {
        this.target = target;
    }

    /** Whether the database can, for keys of these types. */
    boolean arePossible() {
        return target.columns().stream().allMatch(column -> target.sql().takesArrays(column.typeName()));
    }

    /**
     * The rows of each key by its place in the list; nothing for a key without a row or, if that was asked for, whose
     * row is locked.
     *
     * @throws SQLException also if a row stayed locked for the wait time
     */
    Map<Integer, LockedRows> run(List<RowKey> keys, boolean skipsLocked, @Nullable Duration waitTime)
            throws SQLException {
        if (skipsLocked || waitTime == null) {
            return parts(keys, skipsLocked);
        }
        if (waitTime.isZero()) {
            return atOnce(keys);
        }
        WaitSetting setting = target.sql().waitSetting();
        return setting == null
                ? parts(keys, false)
                : Savepoints.keptWaiting(target, setting, RowLockSql.millis(waitTime), true, () -> parts(keys, false));
    }

    /** Without a wait and without a statement that may fail. */
    private Map<Integer, LockedRows> atOnce(List<RowKey> keys) throws SQLException {
        Map<Integer, LockedRows> locked = parts(keys, true);
        for (int i = 0; i < keys.size(); i++) {
            if (!locked.containsKey(i)
                    && !new RowStatement(target, keys.get(i).values()).look().isEmpty()) {
                throw new SQLException(
                        "row " + RowKeys.text(keys.get(i).given()) + " is locked by another transaction", "55P03");
            }
        }
        return locked;
    }

    private Map<Integer, LockedRows> parts(List<RowKey> keys, boolean skipsLocked) throws SQLException {
        Map<Integer, LockedRows> rows = new TreeMap<>();
        String sql = target.sql()
                .lockMany(
                        target.table().quoted(),
                        target.primaryKey("t."),
                        target.columns().stream().map(TableColumn::quoted).toList(),
                        target.request().strength(),
                        skipsLocked);
        for (int from = 0; from < keys.size(); from += MOST) {
            part(sql, keys, from, Math.min(keys.size(), from + MOST), rows);
        }
        return rows;
    }

    private void part(String sql, List<RowKey> keys, int from, int to, Map<Integer, LockedRows> into)
            throws SQLException {
        List<Array> arrays = new ArrayList<>();
        try (PreparedStatement query = target.connection().prepareStatement(sql)) {
            for (int c = 0; c < target.columns().size(); c++) {
                int column = c;
                Object[] values = keys.subList(from, to).stream()
                        .map(key -> key.values().get(column))
                        .toArray();
                Array array = target.connection()
                        .createArrayOf(target.columns().get(c).typeName(), values);
                arrays.add(array);
                query.setArray(c + 1, array);
            }
            try (ResultSet row = query.executeQuery()) {
                int width = row.getMetaData().getColumnCount();
                while (row.next()) {
                    int place = from + row.getInt(1) - 1;
                    String found = target.row(row, 2, keys.get(place).values());
                    LockedRows before = into.getOrDefault(place, LockedRows.NONE);
                    List<String> all = new ArrayList<>(before.rows());
                    all.add(found);
                    into.put(place, new LockedRows(all, row.getString(width)));
                }
            }
        } finally {
            for (Array array : arrays) {
                array.free();
            }
        }
    }
}
