package io.lockweave.testservers.redis;

import java.util.ArrayList;
import java.util.List;

/** A Cluster of six: three masters and a replica for each. */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;

    private final List<RedisServer> nodes = new ArrayList<>();

    private RedisCluster() {
        for (int i = 0; i < 6; i++) {
            nodes.add(RedisServer.launch(
                    "--cluster-enabled",
                    "yes",
                    "--cluster-node-timeout",
                    "1000",
                    "--cluster-port",
                    "" + RedisServer.freePort()));
        }
        meet();
        for (int i = 0; i < 3; i++) {
            int from = SLOTS * i / 3;
            int to = SLOTS * (i + 1) / 3 - 1;
            nodes.get(i).run("CLUSTER", "ADDSLOTSRANGE", "" + from, "" + to);
        }
        for (int i = 0; i < 3; i++) {
            nodes.get(i + 3).run("CLUSTER", "REPLICATE", nodes.get(i).run("CLUSTER", "MYID"));
        }
        for (RedisServer node : nodes) {
            RedisServer.await("the cluster to be well, seen from port " + node.port(), () -> node.run("CLUSTER", "INFO")
                    .contains("cluster_state:ok"));
        }
        nodes.subList(3, 6).forEach(RedisSentinels::awaitLink);
        // Each node has to know which are the replicas, else clients that ask it learn a wrong picture.
        for (RedisServer node : nodes) {
            RedisServer.await(
                    "port " + node.port() + " to know the replicas",
                    () -> node.run("CLUSTER", "NODES").split("slave ", -1).length == 4);
        }
    }

    private void meet() {
        RedisServer first = nodes.get(0);
        for (RedisServer node : nodes.subList(1, 6)) {
            first.run("CLUSTER", "MEET", "127.0.0.1", "" + node.port(), busPort(node));
        }
        for (RedisServer node : nodes) {
            RedisServer.await("port " + node.port() + " to know all six", () -> node.run("CLUSTER", "INFO")
                    .contains("cluster_known_nodes:6"));
        }
    }

    private static String busPort(RedisServer node) {
        String self = node.run("CLUSTER", "NODES");
        String address = self.substring(self.indexOf(':'));
        return address.substring(address.indexOf('@') + 1).split("[ ,]", 2)[0];
    }

    /** Starts it and waits until it is well. */
    public static RedisCluster start() {
        return new RedisCluster();
    }

    /** The three first masters and then their replicas, in the same order. */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** The address for clients: {@code redis-cluster://host:port,...}. */
    public String uri() {
        return "redis-cluster://"
                + String.join(
                        ",", nodes.stream().map(n -> "127.0.0.1:" + n.port()).toList());
    }

    /** The master that serves a key. */
    public RedisServer masterOf(String key) {
        int slot = Integer.parseInt(nodes.get(0).run("CLUSTER", "KEYSLOT", key));
        for (int i = 0; i < 3; i++) {
            if (slot < SLOTS * (i + 1) / 3) {
                return nodes.get(i);
            }
        }
        throw new IllegalStateException("no slot " + slot);
    }

    /** Waits until the replica of one of the first masters has taken over its slots. */
    public void awaitFailover(RedisServer master) {
        RedisServer replica = nodes.get(nodes.indexOf(master) + 3);
        RedisServer.await("port " + replica.port() + " to be promoted", () -> replica.run("INFO", "replication")
                .contains("role:master"));
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
