package io.lockweave.redis;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the server says of itself, asked once and before the first lock is taken: its version for the log, and whether
 * it may throw locks away to make room, which is warned of.
 */
final class ServerInfo {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    /** Valkey says both, and with the first what it is compatible with. */
    private static final Pattern VERSION = Pattern.compile("^(valkey|redis)_version:(\\S+)", Pattern.MULTILINE);

    private static final Pattern PORT = Pattern.compile("^tcp_port:(\\d+)", Pattern.MULTILINE);

    /** A limit, and a policy under which keys with a lease, which all locks are, may be evicted. */
    private static final Pattern EVICTION =
            Pattern.compile("maxmemory:[1-9].*maxmemory_policy:((?:allkeys|volatile)-[a-z]+)", Pattern.DOTALL);

    private final RedisCalls calls;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile String description = "Redis";

    ServerInfo(RedisCalls calls) {
        this.calls = calls;
    }

    /** Product, version and port, as far as known. */
    String description() {
        return description;
    }

    /** Asks the server of these keys, which may refuse to tell. */
    void askOnce(RedisKeys keys) {
        if (asked.get()) {
            return;
        }
        List<String> info = calls.run("ask what server it is", RedisScript.SERVER, keys.all(), List.of());
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        description = describe(info.get(0));
        Matcher policy = EVICTION.matcher(info.get(1));
        if (policy.find()) {
            LOG.log(
                    Level.WARNING,
                    "Redis may throw locks away when its memory is full (maxmemory-policy {0}): a lock that is held"
                            + " could then be taken by another. Set maxmemory-policy noeviction, or keep locks in a"
                            + " Redis of their own",
                    policy.group(1));
        }
    }

    private static String describe(String info) {
        String version = "";
        Matcher versions = VERSION.matcher(info);
        while (versions.find()) {
            boolean valkey = versions.group(1).equals("valkey");
            version = valkey || version.isEmpty() ? (valkey ? "Valkey " : "Redis ") + versions.group(2) : version;
        }
        Matcher port = PORT.matcher(info);
        return version.isEmpty() ? "Redis" : version + (port.find() ? " on port " + port.group(1) : "");
    }
}
