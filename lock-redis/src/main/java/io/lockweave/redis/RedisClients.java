package io.lockweave.redis;

import io.lockweave.LockUsageException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** The clients a backend can be made with from configuration. Only the one chosen is loaded. */
enum RedisClients {
    JEDIS("redis.clients.jedis.UnifiedJedis", "redis.clients:jedis") {
        @Override
        RedisTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
            return JedisTransport.open(address, connectTimeout, timeout);
        }
    },
    LETTUCE("io.lettuce.core.RedisClient", "io.lettuce:lettuce-core") {
        @Override
        RedisTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
            return LettuceTransport.open(address, connectTimeout, timeout);
        }
    },
    REDISSON("org.redisson.Redisson", "org.redisson:redisson") {
        @Override
        RedisTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
            return RedissonTransport.open(address, connectTimeout, timeout);
        }
    };

    private final String type;
    private final String artifact;

    RedisClients(String type, String artifact) {
        this.type = type;
        this.artifact = artifact;
    }

    abstract RedisTransport open(RedisAddress address, Duration connectTimeout, Duration timeout);

    /** The one of this name, or for {@code auto} the first on the class path. */
    static RedisClients named(String name) {
        if (name.equals("auto")) {
            return Arrays.stream(values())
                    .filter(RedisClients::present)
                    .findFirst()
                    .orElseThrow(() -> new LockUsageException(
                            "lockweave.backend is redis, and no Redis client is on the class path",
                            "add one of redis.clients:jedis, io.lettuce:lettuce-core and org.redisson:redisson"));
        }
        RedisClients client = valueOf(name.toUpperCase(Locale.ROOT));
        if (!client.present()) {
            throw new LockUsageException(
                    "lockweave.redis.client is " + name + ", which is not on the class path",
                    "add " + client.artifact + ", or choose another client");
        }
        return client;
    }

    private boolean present() {
        try {
            Class.forName(type, false, RedisClients.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
