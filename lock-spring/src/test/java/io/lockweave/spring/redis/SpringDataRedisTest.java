package io.lockweave.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.testservers.TlsFront;
import io.lockweave.testservers.redis.RedisCluster;
import io.lockweave.testservers.redis.RedisSentinels;
import io.lockweave.testservers.redis.RedisServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

/** Redis as Boot connects to it by {@code spring.data.redis.*}, on real servers: Sentinel, Cluster, TLS. */
@Timeout(120)
class SpringDataRedisTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class,
                    redisOfBoot(),
                    LockingAutoConfiguration.class,
                    LockingRedisAutoConfiguration.class));

    /** It moved in Spring Boot 4. */
    private static Class<?> redisOfBoot() {
        return Stream.of(
                        "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
                        "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration")
                .filter(name -> ClassUtils.isPresent(name, null))
                .<Class<?>>map(name -> ClassUtils.resolveClassName(name, null))
                .findFirst()
                .orElseThrow();
    }

    /** Runs with Lettuce and Jedis at once, whose locks have to exclude each other on the same servers. */
    private void requireBothClientsMeet(ApplicationContextRunner runner) {
        runner.withPropertyValues("spring.data.redis.client-type=lettuce")
                .run(lettuce -> runner.withPropertyValues("spring.data.redis.client-type=jedis")
                        .run(jedis -> {
                            requireSeen(lettuce.getBean(Locks.class), jedis.getBean(Locks.class));
                            requireSeen(jedis.getBean(Locks.class), lettuce.getBean(Locks.class));
                        }));
    }

    private static void requireSeen(Locks holder, Locks others) {
        assertThat(holder.backend()).isEqualTo("redis");
        for (int i = 0; i < 10; i++) {
            LockKey key = LockKey.of("user", i);
            try (HeldLock held = holder.acquire(key)) {
                assertThat(others.isLocked(key)).isTrue();
            }
            assertThat(others.isLocked(key)).isFalse();
        }
    }

    @Test
    void sentinels_lead_to_the_master() {
        try (RedisSentinels servers = RedisSentinels.start()) {
            String nodes = servers.uri().replaceAll("redis-sentinel://|#.*", "");
            ApplicationContextRunner sentinel = application.withPropertyValues(
                    "spring.data.redis.sentinel.master=" + RedisSentinels.MASTER,
                    "spring.data.redis.sentinel.nodes=" + nodes);
            requireBothClientsMeet(sentinel);

            assertThat(servers.master().run("INFO", "commandstats")).contains("cmdstat_eval");
            servers.master().kill();
            servers.awaitNewMaster();
            requireBothClientsMeet(sentinel);
        }
    }

    @Test
    void a_cluster_is_used_as_one() {
        try (RedisCluster servers = RedisCluster.start()) {
            requireBothClientsMeet(application.withPropertyValues(
                    "spring.data.redis.cluster.nodes=" + servers.uri().replace("redis-cluster://", "")));

            assertThat(servers.nodes().subList(0, 3)).allSatisfy(node -> assertThat(node.run("INFO", "commandstats"))
                    .contains("cmdstat_eval"));
        }
    }

    @Test
    void the_certificates_of_an_ssl_bundle_are_trusted_by_both_clients() throws Exception {
        try (RedisServer server = RedisServer.launch("--requirepass", "pw");
                TlsFront front = TlsFront.before(server.port())) {
            requireBothClientsMeet(application.withPropertyValues(
                    "spring.data.redis.host=127.0.0.1",
                    "spring.data.redis.port=" + front.port(),
                    "spring.data.redis.password=pw",
                    "spring.data.redis.ssl.bundle=front",
                    "spring.ssl.bundle.jks.front.truststore.location="
                            + front.keys().toUri(),
                    "spring.ssl.bundle.jks.front.truststore.type=PKCS12",
                    "spring.ssl.bundle.jks.front.truststore.password=" + TlsFront.PASSWORD));
        }
    }
}
