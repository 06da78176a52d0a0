package io.lockweave.redis;

import io.lockweave.LockKey;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Waits until the server shows something. */
final class Server {

    private Server() {}

    /** Until so many claims are queued for a key. */
    static void awaitQueued(RedisWire redis, LockKey key, int claims) {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> queued(redis, key) == claims);
    }

    /** How many claims are queued for a key: each has two fields, and three are of the queue itself. */
    static long queued(RedisWire redis, LockKey key) {
        String queue = RedisKeys.of(key.namespace().isEmpty() ? key.in("lockweave") : key)
                .queue();
        return Math.max(0, Long.parseLong(redis.text("HLEN", queue)) - 3) / 2;
    }

    /** How often a command was run, out of {@code INFO commandstats}. */
    static long calls(String stats, String command) {
        Matcher matcher =
                Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(stats);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /**
     * Until a replica confirms writes. One that has just been synchronized counts as online before it does, for up to a
     * second.
     */
    static void awaitReplica(RedisServer master, String key) {
        try (RedisWire redis = new RedisWire(master.port())) {
            Awaitility.await().until(() -> {
                redis.run("SET", key, "x", "PX", "1");
                return redis.text("WAIT", "1", "2000").equals("1");
            });
        }
    }

    /** Until a replica has all that its master has written. */
    static void awaitSameOffset(RedisServer master, RedisServer replica) {
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> offset(master, "master_repl_offset")
                .equals(offset(replica, "slave_repl_offset")));
    }

    private static String offset(RedisServer server, String field) {
        Matcher matcher = Pattern.compile(field + ":(\\d+)").matcher(server.run("INFO", "replication"));
        return matcher.find() ? matcher.group(1) : "?" + field;
    }

    /** Until no more than so many clients listen. */
    static void awaitNoListener(RedisWire redis, int left) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> ((List<?>) redis.run("PUBSUB", "CHANNELS", "lw:*")).size() <= left);
    }

    /** How many connections it has, without those of its replicas. */
    static long connections(RedisServer server) {
        return Arrays.stream(server.run("CLIENT", "LIST").split("\n"))
                .filter(line -> !line.contains("flags=S") && !line.isBlank())
                .count();
    }

    /** How many keys these servers have, without counters of fences. */
    static long locksAndQueues(List<RedisServer> servers) {
        return servers.stream()
                .flatMap(server -> Arrays.stream(
                        server.run("KEYS", "*").replaceAll("[\\[\\] ]", "").split(",", -1)))
                .filter(key -> !key.isEmpty() && !key.endsWith(":fence"))
                .count();
    }

    /** Until no lock, no queue and no more than so many connections are left; says what is. */
    static void awaitNothingLeft(String run, List<RedisServer> servers, long connections) {
        Awaitility.await("all connections end").until(() -> connections(servers) <= connections);
        Awaitility.await("all locks end").atMost(Duration.ofSeconds(60)).until(() -> locksAndQueues(servers) == 0);
        System.out.println(run + ": connections at the start and at the end " + connections + " " + connections(servers)
                + ", locks and queues left " + locksAndQueues(servers));
    }

    /** How many connections these have together. */
    static long connections(List<RedisServer> servers) {
        return servers.stream().mapToLong(Server::connections).sum();
    }
}
