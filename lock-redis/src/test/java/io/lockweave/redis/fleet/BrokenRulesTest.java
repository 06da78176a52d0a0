package io.lockweave.redis.fleet;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.redis.RedisScript;
import io.lockweave.schedules.Explorer;
import io.lockweave.schedules.Mutant;
import io.lockweave.schedules.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fleets in simulated time find each rule of the protocol that is taken out, in the scripts, the backend or the engine:
 * without that, their silence would mean nothing. None of them is told what to look for.
 */
class BrokenRulesTest {

    /** At most so many fleets are tried. */
    private static final int FLEETS = Integer.getInteger("fleets.broken", 4_000);

    private static final Logger LOG = Logger.getLogger("io.lockweave");

    @BeforeAll
    static void sayNothingOfFaultsByTheThousand() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    /**
     * A rule that is taken out.
     *
     * @param seed of the first fleet that is tried: of the first one that ever found it, so that this takes seconds
     * @param program what finds it
     * @param mutant how it is taken out
     * @param says what the fleet complains of
     */
    record Broken(int seed, Class<? extends Program> program, Mutant mutant, String says) {

        Broken(int seed, Mutant mutant, String says) {
            this(seed, FleetProgram.class, mutant, says);
        }

        @Override
        public String toString() {
            return mutant.name();
        }
    }

    /** Two holders, which shows in the order of their fences too. */
    private static final String AT_ONCE = "at once|permits|comes after fence";

    /** A lease that a holder believes in for too long, which leads to two holders. */
    private static final String LEASE = AT_ONCE + "|believes in a lease";

    private static final String LEFT = "left on the server";
    private static final String IDLE = "were free while somebody waited|asked to wait";

    static Stream<Broken> rules() {
        return Stream.of(
                script(
                        0,
                        "a lock that is held is taken",
                        "take-free.lua",
                        ", 'NX', 'PX', ARGV[3])",
                        ", 'PX', ARGV[3])",
                        AT_ONCE),
                script(
                        8,
                        "a release frees whoever holds the lock",
                        "release-free.lua",
                        "#ARGV[1] - 1) == ARGV[1]",
                        "#ARGV[1] - 1) ~= ''",
                        AT_ONCE + "|" + IDLE),
                script(
                        14,
                        "a withdrawal frees whoever holds the lock",
                        "release.lua",
                        "local held = holds(owner)",
                        "local held = live > 0; owner = holder or owner",
                        AT_ONCE),
                script(
                        10,
                        "shared and exclusive holders do not exclude each other",
                        "lock.lua",
                        "if wanted_mode == 'X' or wanted_mode ~= mode then return false end",
                        "if wanted_mode ~= mode then return true end",
                        AT_ONCE + "|nothing went wrong, but"),
                script(
                        32,
                        "one permit too many",
                        "lock.lua",
                        "live < tonumber(permits))",
                        "live <= tonumber(permits))",
                        AT_ONCE),
                script(
                        1,
                        "a counter that is ahead of the clock is not looked at",
                        "take-free.lua",
                        "if not last or #last == 19 and last < micros then",
                        "if true then",
                        AT_ONCE),
                script(
                        635,
                        "what arrives late takes the lock",
                        "take-free.lua",
                        "if micros - ARGV[4] > 0 then",
                        "if false then",
                        LEFT),
                script(
                        5,
                        "a claim that asks again is not known",
                        "acquire.lua",
                        "local granted = held_already()",
                        "local granted",
                        IDLE + "|" + LEFT),
                script(
                        12,
                        "a release lets nobody in",
                        "release.lua",
                        "if text and (held or queued) then pcall",
                        "if false then pcall",
                        IDLE),
                script(
                        0,
                        "a renewal prolongs nothing",
                        "renew.lua",
                        "redis.call('PEXPIREAT', lock, lease_end)",
                        "",
                        LEASE),
                script(
                        14,
                        "a renewal prolongs nothing of one of several",
                        "renew.lua",
                        "redis.call('ZADD', lock, lease_end, owner)",
                        "",
                        AT_ONCE),
                script(
                        14,
                        "a second reader is not kept",
                        "lock.lua",
                        "redis.call('ZADD', lock, whole(lease_end), owner)\n",
                        "\n",
                        AT_ONCE),
                script(
                        2,
                        "what is known of several stays behind them",
                        "lock.lua",
                        "if details then redis.call('DEL', details) end",
                        "",
                        LEFT),
                new Broken(
                        175,
                        of(
                                "a message of an earlier try gives the lock",
                                "io.lockweave.engine.Contest",
                                "return number == lastBusy.number() ? lastBusy : null;",
                                "return newest;"),
                        LEASE),
                new Broken(
                        0,
                        of(
                                "the lease is counted from the answer",
                                "io.lockweave.engine.Contest",
                                "long end = sent + Nanos.of(claim.lease());",
                                "long end = core.now() + Nanos.of(claim.lease());"),
                        LEASE),
                new Broken(
                        0,
                        of(
                                "the lease of a pushed grant is counted from its message",
                                "io.lockweave.engine.Contest",
                                "long end = answered.sent() + lease;",
                                "long end = core.now() + lease;"),
                        LEASE),
                new Broken(
                        2963,
                        of(
                                "a try that failed is forgotten",
                                "io.lockweave.engine.Contest",
                                "if (settling > 0) {",
                                "if (false) {"),
                        LEFT),
                new Broken(
                        188,
                        of(
                                "whoever gives up stays in the queue",
                                "io.lockweave.engine.Contest",
                                "if (!lastTry) {\n            core.returns().withdraw(claim);\n        }",
                                ""),
                        LEFT + "|" + IDLE),
                new Broken(
                        3696,
                        of(
                                "what came before the watch is dropped",
                                "io.lockweave.redis.Waits",
                                "if (before != null && before.missed != null) {",
                                "if (false) {"),
                        IDLE),
                new Broken(
                        0,
                        of(
                                "the lease of a renewal is counted from its answer",
                                "io.lockweave.engine.Keeper",
                                "live.prolongedTo(sent + leaseNanos);",
                                "live.prolongedTo(core.now() + leaseNanos);"),
                        LEASE),
                deaf(
                        "who does not listen is let in by a short release",
                        "release-exclusive.lua",
                        "type(listeners) == 'number' and listeners > 0 then",
                        "true then"),
                deaf(
                        "who does not listen is let in",
                        "lock.lua",
                        "if not counted then return true end",
                        "if true then return true end"));
    }

    private static Broken deaf(String name, String file, String passage, String instead) {
        Mutant mutant = script(0, name, file, passage, instead, "").mutant;
        return new Broken(0, DeafWaiterProgram.class, mutant, "was passed over");
    }

    private static Mutant of(String name, String type, String passage, String instead) {
        try {
            return new Mutant(
                    name, Class.forName(type, false, BrokenRulesTest.class.getClassLoader()), passage, instead);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Broken script(int seed, String name, String file, String passage, String instead, String says) {
        if (!textOf(file).contains(passage)) {
            throw new AssertionError("The mutant \"" + name + "\" has no place in " + file + ": " + passage);
        }
        String made = "return new RedisScript(source.toString());";
        String changed = made.replace(
                "toString()", "toString().replace(\"" + escaped(passage) + "\", \"" + escaped(instead) + "\")");
        return new Broken(seed, new Mutant(name, RedisScript.class, made, changed), says);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String textOf(String file) {
        try (InputStream in = RedisScript.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void isFound(Broken rule) {
        Explorer explorer = Explorer.inTime("io.lockweave.redis.", rule.mutant);
        assertThatThrownBy(() -> {
                    for (int fleet = 0; fleet < FLEETS; fleet++) {
                        explorer.explore(rule.program, rule.seed + fleet, 1);
                    }
                })
                .isInstanceOf(AssertionError.class)
                .message()
                .containsPattern(rule.says);
    }
}
