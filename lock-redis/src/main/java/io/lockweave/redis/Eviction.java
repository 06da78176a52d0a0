package io.lockweave.redis;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Warns, once and before the first lock is taken, if the server may throw locks away to make room. */
final class Eviction {

    private static final System.Logger LOG = System.getLogger("io.lockweave.redis");

    /** A limit, and a policy under which keys with a lease, which all locks are, may be evicted. */
    private static final Pattern EVICTION =
            Pattern.compile("maxmemory:[1-9].*maxmemory_policy:((?:allkeys|volatile)-[a-z]+)", Pattern.DOTALL);

    private final RedisCalls calls;
    private final AtomicBoolean asked = new AtomicBoolean();

    Eviction(RedisCalls calls) {
        this.calls = calls;
    }

    /** Asks the server of these keys, which may refuse to tell. */
    void warnOnce(RedisKeys keys) {
        if (asked.get()) {
            return;
        }
        String memory = calls.run("ask about memory", RedisScript.MEMORY, keys.all(), List.of())
                .get(0);
        Matcher policy = EVICTION.matcher(memory);
        if (asked.compareAndSet(false, true) && policy.find()) {
            LOG.log(
                    Level.WARNING,
                    "Redis may throw locks away when its memory is full (maxmemory-policy {0}): a lock that is held could"
                            + " then be taken by another. Set maxmemory-policy noeviction, or keep locks in a Redis of their"
                            + " own",
                    policy.group(1));
        }
    }
}
