package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.UnifiedJedis;

/** The tests run with the versions of the clients that the build means them to. */
class RedisClientVersionsTest {

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    @Test
    void theClientsOnTheClassPathAreThoseMeant() {
        assertThat(jarOf(UnifiedJedis.class)).endsWith("/jedis-" + System.getProperty("lockweave.test.jedis") + ".jar");
        assertThat(jarOf(RedisClient.class))
                .endsWith("/lettuce-core-" + System.getProperty("lockweave.test.lettuce") + ".jar");
    }
}
