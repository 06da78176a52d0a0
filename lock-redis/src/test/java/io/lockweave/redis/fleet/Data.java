package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The keys of a Redis server: strings and hashes, with the time at which they end. */
final class Data {

    static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";

    /** A server's error reply. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    private record Value(@Nullable String text, @Nullable Map<String, String> fields, long ends) {

        Value ending(long at) {
            return new Value(text, fields, at);
        }

        Value copy() {
            return fields == null ? this : new Value(null, new LinkedHashMap<>(fields), ends);
        }
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final Map<String, Value> values = new HashMap<>();
    private final LongSupplier millis;

    /**
     * @param millis the server's clock
     */
    Data(LongSupplier millis) {
        this.millis = millis;
    }

    /** What a replica has that got everything up to now. */
    Data copy() {
        Data copy = new Data(millis);
        values.forEach((key, value) -> copy.values.put(key, value.copy()));
        return copy;
    }

    /** The keys that there are. */
    List<String> keys() {
        List.copyOf(values.keySet()).forEach(this::value);
        return values.keySet().stream().sorted().toList();
    }

    /** As Redis has it, a key is still there in the millisecond in which it ends. */
    private @Nullable Value value(String key) {
        Value value = values.get(key);
        if (value != null && value.ends < millis.getAsLong()) {
            values.remove(key);
            return null;
        }
        return value;
    }

    boolean exists(String key) {
        return value(key) != null;
    }

    @Nullable
    String get(String key) {
        Value value = value(key);
        if (value != null && value.text == null) {
            throw new Refused(WRONG_TYPE);
        }
        return value == null ? null : value.text;
    }

    void set(String key, String text) {
        values.put(key, new Value(text, null, NEVER));
    }

    /** As SETRANGE, which keeps the time at which a key ends. */
    void setRange(String key, int from, String text) {
        Value value = value(key);
        String before = get(key);
        if (value == null || before == null) {
            throw new AssertionError("the scripts change a range only of what is there: " + key);
        }
        String after = before.substring(0, from) + text + before.substring(from + text.length());
        values.put(key, new Value(after, null, value.ends));
    }

    boolean delete(String key) {
        return value(key) != null && values.remove(key) != null;
    }

    /** A hash, which is not to be changed; empty if there is none. */
    Map<String, String> fields(String key) {
        Value value = value(key);
        if (value == null) {
            return Map.of();
        }
        if (value.fields == null) {
            throw new Refused(WRONG_TYPE);
        }
        return value.fields;
    }

    void putField(String key, String field, String text) {
        if (fields(key).isEmpty()) {
            values.put(key, new Value(null, new LinkedHashMap<>(), NEVER));
        }
        fields(key).put(field, text);
    }

    boolean removeField(String key, String field) {
        Map<String, String> fields = fields(key);
        boolean removed = fields.containsKey(field) && fields.remove(field) != null;
        if (removed && fields.isEmpty()) {
            values.remove(key);
        }
        return removed;
    }

    long left(String key) {
        Value value = value(key);
        if (value == null) {
            return -2;
        }
        return value.ends == NEVER ? -1 : value.ends - millis.getAsLong();
    }

    /** As PEXPIREAT, for which a time that is not to come means at once. */
    boolean end(String key, long at) {
        Value value = value(key);
        if (value != null && at <= millis.getAsLong()) {
            values.remove(key);
        } else if (value != null) {
            values.put(key, value.ending(at));
        }
        return value != null;
    }

    /** A key's value, a hash in the order of its fields, and when it ends, or -1. */
    List<String> told(String key) {
        Value value = value(key);
        if (value == null) {
            return List.of();
        }
        List<String> told = new ArrayList<>(List.of(key, "" + (value.ends == NEVER ? -1 : value.ends)));
        if (value.fields == null) {
            told.add(String.valueOf(value.text));
        } else {
            new TreeMap<>(value.fields).forEach((field, text) -> told.add(field + "=" + text));
        }
        return told;
    }

    /** All of them, for messages. */
    @Override
    public String toString() {
        List<String> told = new ArrayList<>();
        keys().forEach(key -> told.add(key + "=" + values.get(key)));
        return told.toString();
    }
}
