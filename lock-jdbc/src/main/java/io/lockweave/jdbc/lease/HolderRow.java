package io.lockweave.jdbc.lease;

import io.lockweave.LockHolder;
import io.lockweave.LockPlace;
import io.lockweave.spi.StoredLock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row somebody holds: a key's own or one of several.
 *
 * @param key the key's fingerprint
 * @param name the key for people
 */
record HolderRow(String key, String name, LockHolder holder) {

    static HolderRow read(ResultSet row) throws SQLException {
        long now = row.getLong(9);
        return new HolderRow(
                row.getString(1),
                row.getString(2),
                new LockHolder(
                        row.getString(3),
                        LockPlace.parse(row.getString(4)),
                        ModeColumn.of(row.getString(5)),
                        row.getLong(6),
                        Duration.of(now - row.getLong(7), ChronoUnit.MICROS),
                        Duration.of(row.getLong(8) - now, ChronoUnit.MICROS)));
    }

    /** One lock for each key, in the order of the rows. */
    static List<StoredLock> locks(List<HolderRow> rows) {
        Map<String, List<HolderRow>> byKey = new LinkedHashMap<>();
        rows.forEach(row ->
                byKey.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row));
        return byKey.values().stream()
                .map(of -> new StoredLock(
                        of.get(0).name(),
                        of.stream()
                                .map(HolderRow::holder)
                                .sorted(Comparator.comparingLong(LockHolder::fence))
                                .toList(),
                        -1))
                .toList();
    }
}
