package io.lockweave.redis.fleet;

import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real server that runs scripts and tells all that came of it. The scripts are the protocol's, between lines that
 * note the time which they get, what they publish, and which keys are left.
 */
final class RealRedis implements AutoCloseable {

    /**
     * What a script did.
     *
     * @param micros the time that it got
     * @param oneMilli whether all of it fell into one millisecond, so that it is certain what had ended by then
     * @param answer its answer, or null if it failed
     * @param published channel, message and count of listeners, one after the other
     * @param left each key with its end, or -1, its kind, and its value
     */
    record Outcome(
            long micros,
            boolean oneMilli,
            @Nullable List<String> answer,
            List<String> published,
            List<List<String>> left) {}

    /** The channel on which somebody listens. */
    static final String HEARD = "heard";

    /** One that nobody listens on. */
    static final String UNHEARD = "unheard";

    private static final String BEFORE = """
            local server, published = redis, {}
            local begun = server.call('TIME')
            local function call(how, command, ...)
                if command == 'TIME' then return {begun[1], begun[2]} end
                local answer = server[how](command, ...)
                if command == 'PUBLISH' then
                    local channel, message = ...
                    published[#published + 1] = channel .. ' ' .. message .. ' ' .. tostring(answer)
                end
                return answer
            end
            local redis = {
                call = function(...) return call('call', ...) end,
                pcall = function(...) return call('pcall', ...) end
            }
            local function script()
            """;

    private static final String AFTER = """

            end
            local done, answer = pcall(script)
            local ended, left = server.call('TIME'), {}
            for i, key in ipairs(server.call('KEYS', '*')) do
                local kind = server.call('TYPE', key).ok
                local one = {key, tostring(server.call('PEXPIRETIME', key)), kind}
                if kind == 'zset' then
                    local all = server.call('ZRANGE', key, '0', '-1', 'WITHSCORES')
                    for j = 1, #all, 2 do one[#one + 1] = all[j] .. '=' .. all[j + 1] end
                elseif kind == 'hash' then
                    local all, fields = server.call('HGETALL', key), {}
                    for j = 1, #all, 2 do fields[#fields + 1] = all[j] .. '=' .. all[j + 1] end
                    table.sort(fields)
                    for _, field in ipairs(fields) do one[#one + 1] = field end
                else
                    one[4] = server.call('GET', key)
                end
                left[i] = one
            end
            return {begun[1], begun[2], ended[1], ended[2], done and 1 or 0, done and answer or {}, published, left}
            """;

    private final RedisServer server = RedisServer.launch();
    private final RedisWire wire = new RedisWire(server.port());
    private RedisWire listener = new RedisWire(server.port());

    /** Forgets all keys and what was heard. */
    void clear() {
        wire.run("FLUSHALL");
        listener.close();
        listener = new RedisWire(server.port());
        listener.run("SUBSCRIBE", HEARD);
    }

    /** Runs a script early in a millisecond. */
    Outcome run(String source, List<String> keys, List<String> arguments) {
        List<String> words = new ArrayList<>(List.of("EVAL", BEFORE + source + AFTER, "" + keys.size()));
        words.addAll(keys);
        words.addAll(arguments);
        while (Instant.now().getNano() / 1_000 % 1_000 > 300) {
            Thread.onSpinWait();
        }
        List<?> told = list(wire.run(words.toArray(String[]::new)));
        long begun = micros(told.get(0), told.get(1));
        long ended = micros(told.get(2), told.get(3));
        boolean done = told.get(4).equals(1L);
        return new Outcome(
                begun,
                begun / 1_000 == ended / 1_000 && begun % 1_000 > 20,
                done ? texts(told.get(5)) : null,
                texts(told.get(6)),
                list(told.get(7)).stream().map(RealRedis::texts).toList());
    }

    private static long micros(Object seconds, Object rest) {
        return Long.parseLong((String) seconds) * 1_000_000 + Long.parseLong((String) rest);
    }

    private static List<?> list(@Nullable Object answer) {
        if (answer instanceof List<?> list) {
            return list;
        }
        throw new AssertionError("no list: " + answer);
    }

    private static List<String> texts(Object answer) {
        return list(answer).stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
        listener.close();
        wire.close();
        server.close();
    }
}
