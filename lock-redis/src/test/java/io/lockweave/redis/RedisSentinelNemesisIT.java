package io.lockweave.redis;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.contest.ContestingFleet;
import io.lockweave.testservers.redis.RedisSentinels;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVMs of all clients contend for a few locks that must reach a replica, while Sentinel promotes it time and again,
 * since the master is killed; JVMs are stopped for longer than a lease and killed, connections are cut, and the master
 * stands still for a moment. What {@code isHeld()} said never overlaps, fences grow in the order of entry, and nothing
 * but fence counters and no connection is left.
 */
@Timeout(1_200)
@EnabledIfSystemProperty(
        named = "lockweave.test.nemesis-seconds",
        matches = "\\d+",
        disabledReason = "it takes a minute at least: run with -Pnemesis")
class RedisSentinelNemesisIT {

    private static final Duration RUN = Duration.ofSeconds(Long.getLong("lockweave.test.nemesis-seconds", 12));

    static LongStream seeds() {
        return ContestingFleet.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rule18_whatJvmsHoldNeverOverlapsWhenSentinelPromotes(long seed) throws Exception {
        System.out.println("RedisSentinelNemesisIT runs with -Dlockweave.test.seed=" + seed);
        Random random = new Random(seed);
        try (RedisSentinels servers = RedisSentinels.start()) {
            long connections = Server.connections(servers.current()) + 1; // a master has one more of Sentinel's
            try (ContestingFleet fleet = new ContestingFleet(confirmed(servers.uri()), random)) {
                fleet.endure(RUN, () -> switch (random.nextInt(8)) {
                    case 0, 1 -> failOver(servers);
                    case 2 -> cut(servers);
                    case 3 -> standStill(servers, random);
                    default -> fleet.stopOrKill();
                });
                fleet.check("RedisSentinelNemesisIT");
            }
            Server.awaitNothingLeft("RedisSentinelNemesisIT", List.of(servers.current()), connections);
        }
    }

    private static Map<String, ForkedHolder.Recipe> confirmed(String uri) {
        Map<String, ForkedHolder.Recipe> recipes = new LinkedHashMap<>();
        for (RedisClients client : RedisClients.values()) {
            recipes.put(client.name(), ForkedHolder.Recipe.of(Backends.class, client.name(), uri, "1"));
        }
        return recipes;
    }

    private static String failOver(RedisSentinels servers) {
        servers.failOver();
        return "fail-over";
    }

    private static String cut(RedisSentinels servers) {
        servers.current().run("CLIENT", "KILL", "TYPE", "normal");
        servers.current().run("CLIENT", "KILL", "TYPE", "pubsub");
        return "cut";
    }

    /** For less than after which it counts as down. */
    private static String standStill(RedisSentinels servers, Random random) {
        servers.current().freeze();
        ContestingFleet.rest(random.nextInt(300));
        servers.current().resume();
        return "standstill";
    }
}
