package io.lockweave.jdbc.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.SqlText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.sql.Types;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a key a value of the type of its column, or refuses it. A database that compares two types by itself may
 * read the whole table for that, lock all of it, or refuse.
 */
final class KeyType {

    private static final BigInteger MOST_UNSIGNED = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private KeyType() {}

    /**
     * The key as a value of the column.
     *
     * @throws LockUsageException if it is none
     */
    static Object convert(String table, TableColumn column, Object key) {
        Object value;
        try {
            value = converted(column, key);
        } catch (IllegalArgumentException | ArithmeticException e) { // NumberFormatException is one
            value = null;
        }
        if (value == null) {
            throw new LockUsageException(
                    "The key " + SqlText.shown(RowKeys.text(key)) + " of type "
                            + key.getClass().getName()
                            + " is no value of column " + column.name() + " of table " + table + ", which is of type "
                            + column.typeName(),
                    "give a key of the column's type");
        }
        return value;
    }

    private static @Nullable Object converted(TableColumn column, Object key) {
        String type = column.typeName().toLowerCase(Locale.ROOT);
        if (type.equals("uuid")) {
            return uuid(key);
        }
        return switch (column.jdbcType()) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> whole(column.jdbcType(), type, key);
            case Types.NUMERIC, Types.DECIMAL -> decimal(key);
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> floating(key);
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.LONGNVARCHAR ->
                text(key);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> bytes(key);
            case Types.DATE -> key instanceof CharSequence ? LocalDate.parse(key.toString()) : key;
            default -> key instanceof Enum<?> constant ? constant.name() : key;
        };
    }

    private static @Nullable Object uuid(Object key) {
        if (key instanceof UUID) {
            return key;
        }
        UUID parsed = key instanceof CharSequence ? UUID.fromString(key.toString()) : null;
        return parsed != null && parsed.toString().equalsIgnoreCase(key.toString()) ? parsed : null;
    }

    private static @Nullable Object whole(int jdbcType, String type, Object key) {
        BigDecimal number = decimal(key);
        if (number == null) {
            return null;
        }
        BigInteger whole = number.toBigIntegerExact();
        boolean unsigned = type.contains("unsigned");
        if (unsigned && whole.signum() >= 0 && whole.compareTo(MOST_UNSIGNED) <= 0) {
            return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : new BigDecimal(whole);
        }
        long value = whole.longValueExact();
        return switch (jdbcType) {
            case Types.INTEGER -> Math.toIntExact(value);
            case Types.SMALLINT, Types.TINYINT -> value == (short) value ? (Object) (int) value : null;
            default -> value;
        };
    }

    private static @Nullable BigDecimal decimal(Object key) {
        return key instanceof Number || key instanceof CharSequence ? new BigDecimal(key.toString()) : null;
    }

    private static @Nullable Object floating(Object key) {
        BigDecimal number = decimal(key);
        return number == null ? null : number.doubleValue();
    }

    private static @Nullable String text(Object key) {
        if (key instanceof Enum<?> constant) {
            return constant.name();
        }
        if (key instanceof BigDecimal number) {
            return number.toPlainString();
        }
        boolean isText =
                key instanceof CharSequence || key instanceof Character || key instanceof Number || key instanceof UUID;
        return isText ? key.toString() : null;
    }

    private static byte @Nullable [] bytes(Object key) {
        if (key instanceof UUID uuid) {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }
        return key instanceof byte[] bytes ? bytes : null;
    }
}
