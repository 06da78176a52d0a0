package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The model on which fleets run, asked as a real server was. */
final class ModelOfRedis implements Commands.Channels {

    private final UnaryOperator<Scripts.Called> changed;
    private final List<String> published = new ArrayList<>();
    private Data data = new Data(this::millis);
    private long micros;

    /**
     * @param changed changes what commands do
     */
    ModelOfRedis(UnaryOperator<Scripts.Called> changed) {
        this.changed = changed;
    }

    private long millis() {
        return micros / 1_000;
    }

    /** Takes over what the real server has. */
    void becomes(List<List<String>> keys) {
        data = new Data(this::millis);
        for (List<String> key : keys) {
            List<String> values = key.subList(3, key.size());
            switch (key.get(2)) {
                case "string" -> data.set(key.get(0), values.get(0));
                case "zset" -> values.forEach(value -> data.putScore(key.get(0), before(value), after(value)));
                default -> values.forEach(value -> data.putField(key.get(0), before(value), after(value)));
            }
            long ends = Long.parseLong(key.get(1));
            if (ends >= 0) {
                data.endsAt(key.get(0), ends); // it may be the last millisecond in which it is there
            }
        }
    }

    /** The field, or the member. */
    private static String before(String value) {
        return value.substring(0, value.indexOf('='));
    }

    private static String after(String value) {
        return value.substring(value.indexOf('=') + 1);
    }

    /** Runs a script at the same time. */
    RealRedis.Outcome run(String source, List<String> keys, List<String> arguments, long at) {
        micros = at;
        published.clear();
        Commands commands = new Commands(data, () -> micros, this);
        List<String> answer = answer(new Scripts(changed.apply(commands::run)), source, keys, arguments);
        return new RealRedis.Outcome(
                at,
                true,
                answer,
                List.copyOf(published),
                data.keys().stream().map(data::told).toList());
    }

    private static @Nullable List<String> answer(
            Scripts scripts, String source, List<String> keys, List<String> arguments) {
        try {
            return scripts.run(source, keys, arguments);
        } catch (Data.Refused e) {
            return null;
        }
    }

    @Override
    public int listeners(String channel) {
        return channel.equals(RealRedis.HEARD) ? 1 : 0;
    }

    @Override
    public void publish(String channel, String message) {
        published.add(channel + " " + message + " " + listeners(channel));
    }
}
