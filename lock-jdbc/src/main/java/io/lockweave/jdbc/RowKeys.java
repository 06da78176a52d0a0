package io.lockweave.jdbc;

import io.lockweave.LockUsageException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keys of rows: each a list with one value for each column, in one order, without duplicates. */
final class RowKeys {

    private static final Comparator<List<Object>> ORDER = (a, b) -> {
        for (int i = 0; i < a.size(); i++) {
            int order = compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    };

    private RowKeys() {}

    /** The keys in order; each fits the number of columns. */
    static List<List<Object>> sorted(String table, List<Object> keys, int columns) {
        Set<List<Object>> distinct = new HashSet<>();
        List<List<Object>> sorted = new ArrayList<>();
        for (Object key : keys) {
            List<Object> values = values(key);
            if (values.size() != columns) {
                throw new LockUsageException(
                        "The key " + Text.shown(values.toString()) + " of table " + table + " has " + values.size()
                                + " values for " + columns + " columns",
                        "give a list with one value for each column of the primary key, in its order");
            }
            if (distinct.add(values)) {
                sorted.add(values);
            }
        }
        sorted.sort(ORDER);
        return sorted;
    }

    private static List<Object> values(Object key) {
        if (key instanceof List<?> list) {
            return List.copyOf(list);
        }
        return key instanceof Object[] array ? Arrays.asList(array) : List.of(key);
    }

    /** Numbers by value, whatever their type, then everything else by type and its own order. */
    private static int compare(Object a, Object b) {
        if (a instanceof Number && b instanceof Number) {
            return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
        }
        if (a.getClass() == b.getClass() && a instanceof Comparable<?>) {
            return natural(a, b);
        }
        int order = type(a).compareTo(type(b));
        return order != 0 ? order : a.toString().compareTo(b.toString());
    }

    private static String type(Object value) {
        return value instanceof Number
                ? Number.class.getName()
                : value.getClass().getName();
    }

    @SuppressWarnings("unchecked") // both are of one class, which compares with itself
    private static int natural(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }
}
