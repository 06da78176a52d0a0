package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The commands of Redis that the scripts use. An answer is a text, a number, a list of answers or nothing. */
final class Commands {

    /** Who listens to channels. */
    interface Channels {

        int listeners(String channel);

        void publish(String channel, String message);
    }

    private final Data data;
    private final LongSupplier micros;
    private final Channels channels;

    Commands(Data data, LongSupplier micros, Channels channels) {
        this.data = data;
        this.micros = micros;
        this.channels = channels;
    }

    @Nullable
    Object run(List<String> words) {
        String key = words.size() > 1 ? words.get(1) : "";
        List<String> rest = words.size() > 2 ? words.subList(2, words.size()) : List.of();
        return switch (words.get(0)) {
            case "TIME" -> List.of("" + micros.getAsLong() / 1_000_000, "" + micros.getAsLong() % 1_000_000);
            case "GET" -> data.get(key);
            case "GETRANGE" -> range(data.get(key), Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
            case "SETRANGE" -> setRange(key, Integer.parseInt(rest.get(0)), rest.get(1));
            case "SET" -> set(key, rest.get(0), rest.subList(1, rest.size()));
            case "GETSET" -> getSet(key, rest.get(0));
            case "MGET" ->
                words.subList(1, words.size()).stream().map(data::get).collect(ArrayList::new, List::add, List::addAll);
            case "MSET" -> setMany(words.subList(1, words.size()));
            case "INCR" -> add(key, 1);
            case "INCRBY" -> add(key, Long.parseLong(rest.get(0)));
            case "DEL" ->
                count(words.subList(1, words.size()).stream()
                        .filter(data::delete)
                        .count());
            case "EXISTS" ->
                count(words.subList(1, words.size()).stream()
                        .filter(data::exists)
                        .count());
            case "PTTL" -> data.left(key);
            case "PEXPIRE" -> count(data.end(key, millis() + Long.parseLong(rest.get(0))) ? 1 : 0);
            case "PEXPIREAT" -> count(data.end(key, Long.parseLong(rest.get(0))) ? 1 : 0);
            case "HGET" -> data.fields(key).get(rest.get(0));
            case "HMGET" -> many(data.fields(key), rest);
            case "HGETALL" -> all(data.fields(key));
            case "HLEN" -> count(data.fields(key).size());
            case "HSET" -> setFields(key, rest);
            case "HDEL" ->
                count(rest.stream()
                        .filter(field -> data.removeField(key, field))
                        .count());
            case "HINCRBY" -> addToField(key, rest.get(0), Long.parseLong(rest.get(1)));
            case "ZADD" -> setScores(key, rest);
            case "ZREM" ->
                count(rest.stream()
                        .filter(member -> data.removeScore(key, member))
                        .count());
            case "ZCARD" -> count(data.scores(key).size());
            case "ZSCORE" -> data.scores(key).get(rest.get(0));
            case "ZRANGE" -> ranked(key, Integer.parseInt(rest.get(0)), Integer.parseInt(rest.get(1)));
            case "ZRANGEBYSCORE" ->
                data.byScore(key).stream()
                        .filter(entry -> Long.parseLong(entry.getValue()) >= Long.parseLong(rest.get(0))
                                && Long.parseLong(entry.getValue()) <= Long.parseLong(rest.get(1)))
                        .map(Map.Entry::getKey)
                        .toList();
            case "PUBLISH" -> publish(key, rest.get(0));
            case "PUBSUB" -> List.of(rest.get(0), count(channels.listeners(rest.get(0))));
            case "INFO" -> "maxmemory_policy:noeviction\r\n";
            default -> throw new AssertionError("the model of Redis knows no " + words);
        };
    }

    private long millis() {
        return micros.getAsLong() / 1_000;
    }

    private static Object count(long count) {
        return count;
    }

    private static String range(@Nullable String text, int from, int to) {
        return text == null || from >= text.length() ? "" : text.substring(from, Math.min(text.length(), to + 1));
    }

    private Object setRange(String key, int from, String text) {
        data.setRange(key, from, text);
        return count(0);
    }

    private @Nullable Object set(String key, String text, List<String> options) {
        if (options.contains("NX") && data.exists(key)) {
            return null;
        }
        data.set(key, text);
        int ends = options.indexOf("PX");
        if (ends >= 0) {
            data.end(key, millis() + Long.parseLong(options.get(ends + 1)));
        }
        return "OK";
    }

    private @Nullable String getSet(String key, String text) {
        String before = data.get(key);
        data.set(key, text);
        return before;
    }

    private String setMany(List<String> pairs) {
        for (int i = 0; i < pairs.size(); i += 2) {
            data.set(pairs.get(i), pairs.get(i + 1));
        }
        return "OK";
    }

    private Object add(String key, long more) {
        String before = data.get(key);
        long after = (before == null ? 0 : Long.parseLong(before)) + more;
        data.set(key, "" + after);
        return after;
    }

    private static List<@Nullable Object> many(Map<String, String> fields, List<String> names) {
        List<@Nullable Object> found = new ArrayList<>();
        names.forEach(name -> found.add(fields.get(name)));
        return found;
    }

    private static List<Object> all(Map<String, String> fields) {
        List<Object> all = new ArrayList<>();
        fields.forEach((field, text) -> {
            all.add(field);
            all.add(text);
        });
        return all;
    }

    private Object setFields(String key, List<String> pairs) {
        int before = data.fields(key).size();
        for (int i = 0; i < pairs.size(); i += 2) {
            data.putField(key, pairs.get(i), pairs.get(i + 1));
        }
        return count(data.fields(key).size() - before);
    }

    private Object setScores(String key, List<String> pairs) {
        int before = data.scores(key).size();
        for (int i = 0; i < pairs.size(); i += 2) {
            data.putScore(key, pairs.get(i + 1), pairs.get(i));
        }
        return count(data.scores(key).size() - before);
    }

    /** With scores; a rank below zero counts from the end. */
    private List<String> ranked(String key, int from, int to) {
        List<Map.Entry<String, String>> all = data.byScore(key);
        int first = from < 0 ? Math.max(0, all.size() + from) : from;
        int last = Math.min(all.size() - 1, to < 0 ? all.size() + to : to);
        List<String> found = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            found.add(all.get(i).getKey());
            found.add(all.get(i).getValue());
        }
        return found;
    }

    private Object addToField(String key, String field, long more) {
        long after = Long.parseLong(data.fields(key).getOrDefault(field, "0")) + more;
        data.putField(key, field, "" + after);
        return after;
    }

    private Object publish(String channel, String message) {
        channels.publish(channel, message);
        return count(channels.listeners(channel));
    }
}
