package io.lockweave.redis.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The model on which fleets run does what a real server does: random calls of every script are answered alike, publish
 * the same and leave the same keys, with the same ends. Time is that of the real server, so what is drawn repeats with
 * its seed, and which leases have ended by then may not: a failure tells the times of all calls.
 */
@Timeout(600)
class ModelOfRedisTest {

    /** In profile {@code schedules} 2,000. */
    private static final int SEQUENCES = Math.min(2_000, Integer.getInteger("fleets", 300) / 3);

    private static final int CALLS = 30;

    private static RealRedis real;

    @BeforeAll
    static void start() {
        real = new RealRedis();
    }

    @AfterAll
    static void stop() {
        real.close();
    }

    @Test
    void answersAsARealServer() {
        int compared = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            compared += compare(seed, commands -> commands);
        }
        assertThat(compared).as("calls that could be compared").isGreaterThan(SEQUENCES * CALLS / 4);
    }

    @Test
    void aKeyThatEndsInThisMillisecondIsTakenOver() {
        ModelOfRedis model = new ModelOfRedis(commands -> commands);
        model.run("return {}", List.of(), List.of(), 7_000);
        List<List<String>> left = List.of(List.of("key", "7", "string", "value"));

        model.becomes(left);

        assertThat(model.run("return {}", List.of(), List.of(), 7_999).left()).isEqualTo(left);
        assertThat(model.run("return {}", List.of(), List.of(), 8_000).left()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GETRANGE",
                "SETRANGE",
                "SET",
                "GETSET",
                "MGET",
                "MSET",
                "INCR",
                "INCRBY",
                "DEL",
                "EXISTS",
                "PTTL",
                "PEXPIRE",
                "PEXPIREAT",
                "HGET",
                "HMGET",
                "HGETALL",
                "ZADD",
                "ZREM",
                "ZCARD",
                "ZSCORE",
                "ZRANGE",
                "ZRANGEBYSCORE",
                "HLEN",
                "HSET",
                "HDEL",
                "HINCRBY",
                "PUBLISH",
                "PUBSUB"
            })
    void aCommandOnAnotherKeyIsNoticed(String name) {
        UnaryOperator<Scripts.Called> wrong = commands -> words -> commands.run(elsewhere(name, words));
        assertThatThrownBy(() -> {
                    for (int seed = 0; seed < 1_000; seed++) {
                        compare(seed, wrong);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageMatching(
                        "(?s)seed.*real: .*model: .*|the model is not enough.*|the scripts change a range only of.*");
    }

    private static List<String> elsewhere(String name, List<String> words) {
        if (!words.get(0).equals(name)) {
            return words;
        }
        List<String> changed = new ArrayList<>(words);
        changed.set(name.equals("PUBSUB") ? 2 : 1, "elsewhere");
        return changed;
    }

    /** Runs one sequence of calls on both; answers how many of them were compared. */
    private static int compare(int seed, UnaryOperator<Scripts.Called> changed) {
        RandomCalls calls = new RandomCalls(seed);
        ModelOfRedis model = new ModelOfRedis(changed);
        List<String> told = new ArrayList<>();
        int compared = 0;
        real.clear();
        for (int i = 0; i < CALLS; i++) {
            pause(calls.pause());
            RandomCalls.Call call = calls.next(System.currentTimeMillis());
            RealRedis.Outcome outcome = real.run(call.source(), call.keys(), call.arguments());
            told.add(outcome.micros() + " " + call);
            RealRedis.Outcome modelled = model.run(call.source(), call.keys(), call.arguments(), outcome.micros());
            if (!outcome.oneMilli()) {
                model.becomes(outcome.left());
                continue;
            }
            compared++;
            if (!Alike.alike(call, outcome, modelled)) {
                throw new AssertionError("seed " + seed + ":\n" + String.join("\n", told) + "\nreal:  "
                        + Alike.told(outcome) + "\nmodel: " + Alike.told(modelled));
            }
        }
        return compared;
    }

    private static void pause(int micros) {
        long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }
}
