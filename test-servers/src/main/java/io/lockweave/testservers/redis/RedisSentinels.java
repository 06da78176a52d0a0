package io.lockweave.testservers.redis;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A master, one replica, and three Sentinels that promote the replica when the master dies. */
public final class RedisSentinels implements AutoCloseable {

    /** The master's name for Sentinel clients. */
    public static final String MASTER = "lockmaster";

    private final RedisServer master;
    private final RedisServer replica;
    private final List<RedisServer> sentinels = new ArrayList<>();
    private RedisServer current;

    private RedisSentinels() {
        master = RedisServer.launch();
        current = master;
        replica = RedisServer.launch("--replicaof", "127.0.0.1 " + master.port());
        awaitLink(replica);
        for (int i = 0; i < 3; i++) {
            sentinels.add(RedisServer.launchSentinel(List.of(
                    "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " 2",
                    "sentinel down-after-milliseconds " + MASTER + " 500",
                    "sentinel failover-timeout " + MASTER + " 2000")));
        }
        RedisServer.await(
                "the Sentinels to know each other", () -> sentinels.stream().allMatch(s -> {
                    String state = s.run("SENTINEL", "MASTER", MASTER);
                    return state.contains("num-other-sentinels, 2") && state.contains("num-slaves, 1");
                }));
    }

    /** Starts them and waits until they know each other. */
    public static RedisSentinels start() {
        return new RedisSentinels();
    }

    static void awaitLink(RedisServer replica) {
        RedisServer.await(
                "the replica on port " + replica.port() + " to be in step",
                () -> replica.run("INFO", "replication").contains("master_link_status:up"));
    }

    /** The first master. */
    public RedisServer master() {
        return master;
    }

    /** The first replica. */
    public RedisServer replica() {
        return replica;
    }

    /** The address for clients: {@code redis-sentinel://host:port,.../0#name}. */
    public String uri() {
        return "redis-sentinel://"
                + String.join(
                        ",",
                        sentinels.stream().map(s -> "127.0.0.1:" + s.port()).toList())
                + "#" + MASTER;
    }

    /** Kills the one that is the master now, waits until the other one is, and has the first one follow it. */
    public void failOver() {
        RedisServer dead = current;
        RedisServer next = dead == master ? replica : master;
        dead.kill();
        RedisServer.await("the Sentinels to name the new master", () -> sentinels.stream()
                .allMatch(sentinel -> names(sentinel, next)));
        dead.start();
        dead.run("REPLICAOF", "127.0.0.1", "" + next.port()); // the Sentinels would see to that some time later
        RedisServer.await("the old master to follow the new one", () -> follows(dead));
        current = next;
    }

    /** The one that is the master after {@link #failOver}. */
    public RedisServer current() {
        return current;
    }

    private static boolean names(RedisServer sentinel, RedisServer server) {
        return sentinel.run("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER).contains("" + server.port());
    }

    private static boolean follows(RedisServer server) {
        try {
            return server.run("INFO", "replication").contains("master_link_status:up");
        } catch (UncheckedIOException cut) {
            return false; // by a Sentinel that makes it a replica
        }
    }

    /** Waits until the replica has everything that was written so far. */
    public void replicated() {
        RedisServer.await("the replica to have the latest writes", () -> {
            String offset = value(master, "master_repl_offset");
            return value(replica, "slave_repl_offset").equals(offset);
        });
    }

    private static String value(RedisServer server, String field) {
        String info = server.run("INFO", "replication");
        String rest = info.substring(info.indexOf(field + ":") + field.length() + 1);
        return rest.substring(0, rest.indexOf('\r'));
    }

    /** Waits until the replica has taken over. */
    public void awaitFailover() {
        RedisServer.await("the replica to be promoted", this::replicaIsMaster);
    }

    /** Sentinel cuts every client of a server that it promotes (CLIENT KILL TYPE normal), this one too. */
    private boolean replicaIsMaster() {
        try {
            return replica.run("INFO", "replication").contains("role:master");
        } catch (UncheckedIOException cut) {
            return false;
        }
    }

    /** Waits until the replica has taken over and every Sentinel sends clients there. */
    public void awaitNewMaster() {
        awaitFailover();
        RedisServer.await(
                "the Sentinels to name the new master", () -> sentinels.stream().allMatch(s -> names(s, replica)));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        replica.close();
        master.close();
    }
}
