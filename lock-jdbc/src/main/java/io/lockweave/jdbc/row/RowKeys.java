package io.lockweave.jdbc.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.SqlText;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys of rows: each a list with one value for each column, in one order, without duplicates. The order is the same
 * however the callers type a key (42, 42L, "42") and write it (a database may take "a" and "A" for one row), since two
 * transactions with two orders wait for each other.
 */
public final class RowKeys {

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,100}(\\.[0-9]{1,100})?");

    /** Numbers by value, then everything else by its text, without regard to case at first. */
    private static final Comparator<Object> VALUES = Comparator.comparing(
                    RowKeys::number, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(RowKeys::text, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(RowKeys::text);

    private static final Comparator<List<Object>> ORDER = (a, b) -> {
        for (int i = 0; i < a.size(); i++) {
            int order = VALUES.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    private RowKeys() {}

    /**
     * The keys in order, converted to the types of their columns.
     *
     * @throws LockUsageException if one does not fit the columns
     */
    static List<RowKey> sorted(UserTable table, List<TableColumn> columns, List<Object> keys) {
        TreeMap<List<Object>, RowKey> sorted = new TreeMap<>(ORDER);
        for (Object key : keys) {
            List<Object> given = values(key);
            if (given.size() != columns.size() || given.stream().anyMatch(Objects::isNull)) {
                throw new LockUsageException(
                        "The key " + SqlText.shown(text(given)) + " of table " + table.name() + " has " + given.size()
                                + " values for " + columns.size() + " columns, or one of them is null",
                        "give a list with one value for each column of the primary key, in its order");
            }
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < given.size(); i++) {
                values.add(table.convert(columns.get(i), given.get(i)));
            }
            sorted.putIfAbsent(values, new RowKey(given, values));
        }
        return new ArrayList<>(sorted.values());
    }

    private static List<Object> values(Object key) {
        if (key instanceof List<?> list) {
            return Collections.unmodifiableList(new ArrayList<Object>(list));
        }
        return key instanceof Object[] array ? Arrays.asList(array.clone()) : List.of(key);
    }

    /** A value for messages and comparison; a key of one column without brackets. */
    public static String text(Object value) {
        if (value instanceof List<?> list) {
            List<String> texts = list.stream().map(RowKeys::text).toList();
            return texts.size() == 1 ? texts.get(0) : texts.toString();
        }
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }

    private static @Nullable BigDecimal number(Object value) {
        String text = text(value);
        boolean isNumber = !(value instanceof byte[]) && NUMBER.matcher(text).matches();
        return isNumber ? new BigDecimal(text) : null;
    }
}
