package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The keys of a Redis server: strings, hashes and sorted sets, with the time at which they end. */
final class Data {

    static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";

    /** A server's error reply. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** A string, or the fields of a hash, or the members of a sorted set with their scores. */
    private record Value(@Nullable String text, Map<String, String> fields, boolean sorted, long ends) {

        static Value of(String text, long ends) {
            return new Value(text, Map.of(), false, ends);
        }

        static Value of(boolean sorted) {
            return new Value(null, new LinkedHashMap<>(), sorted, NEVER);
        }

        Value ending(long at) {
            return new Value(text, fields, sorted, at);
        }

        Value copy() {
            return text != null ? this : new Value(null, new LinkedHashMap<>(fields), sorted, ends);
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
        values.put(key, Value.of(text, NEVER));
    }

    /** As SETRANGE, which keeps the time at which a key ends. */
    void setRange(String key, int from, String text) {
        Value value = value(key);
        String before = get(key);
        if (value == null || before == null) {
            throw new AssertionError("the scripts change a range only of what is there: " + key);
        }
        String after = before.substring(0, from) + text + before.substring(from + text.length());
        values.put(key, Value.of(after, value.ends));
    }

    boolean delete(String key) {
        return value(key) != null && values.remove(key) != null;
    }

    /** A hash, which is not to be changed; empty if there is none. */
    Map<String, String> fields(String key) {
        return several(key, false);
    }

    /** The members of a sorted set and their scores, in no order and not to be changed; empty if there is none. */
    Map<String, String> scores(String key) {
        return several(key, true);
    }

    /** A sorted set in its order. */
    List<Map.Entry<String, String>> byScore(String key) {
        return scores(key).entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, String> entry) -> Long.parseLong(entry.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .toList();
    }

    private Map<String, String> several(String key, boolean sorted) {
        Value value = value(key);
        if (value == null) {
            return Map.of();
        }
        if (value.text != null || value.sorted != sorted) {
            throw new Refused(WRONG_TYPE);
        }
        return value.fields;
    }

    void putField(String key, String field, String text) {
        put(key, false, field, text);
    }

    void putScore(String key, String member, String score) {
        put(key, true, member, score);
    }

    private void put(String key, boolean sorted, String name, String text) {
        if (several(key, sorted).isEmpty()) {
            values.put(key, Value.of(sorted));
        }
        several(key, sorted).put(name, text);
    }

    boolean removeField(String key, String field) {
        return remove(key, fields(key), field);
    }

    boolean removeScore(String key, String member) {
        return remove(key, scores(key), member);
    }

    private boolean remove(String key, Map<String, String> names, String name) {
        boolean removed = names.containsKey(name) && names.remove(name) != null;
        if (removed && names.isEmpty()) {
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

    /** Has a key that is there end at this time, also if that is now. */
    void endsAt(String key, long at) {
        values.computeIfPresent(key, (same, value) -> value.ending(at));
    }

    /** A key, when it ends, or -1, its kind, and its value: a hash by its fields, a sorted set in its order. */
    List<String> told(String key) {
        Value value = value(key);
        if (value == null) {
            return List.of();
        }
        String kind = value.text != null ? "string" : value.sorted ? "zset" : "hash";
        List<String> told = new ArrayList<>(List.of(key, "" + (value.ends == NEVER ? -1 : value.ends), kind));
        if (value.text != null) {
            told.add(value.text);
        } else if (value.sorted) {
            byScore(key).forEach(entry -> told.add(entry.getKey() + "=" + entry.getValue()));
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
