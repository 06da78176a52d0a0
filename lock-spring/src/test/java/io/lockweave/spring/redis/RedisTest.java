package io.lockweave.spring.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.Points;
import io.lockweave.spring.Tenants;
import io.lockweave.testservers.redis.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/** Redis by the clients an application has, on a real server. */
class RedisTest {

    private static RedisServer server;

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingRedisAutoConfiguration.class))
            .withBean(Points.class)
            .withBean(Tenants.class);

    @BeforeAll
    static void start() {
        server = RedisServer.launch("--requirepass", "p@ss+word");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static RedisStandaloneConfiguration address() {
        RedisStandaloneConfiguration address = new RedisStandaloneConfiguration("127.0.0.1", server.port());
        address.setPassword("p@ss+word");
        return address;
    }

    private static void requireSeenByOthers(Locks locks, Locks others) {
        assertThat(locks.backend()).isEqualTo("redis");
        try (HeldLock held = locks.acquire(LockKey.of("user", "ann"))) {
            assertThat(others.isLocked(LockKey.of("user", "ann"))).isTrue();
        }
        assertThat(others.isLocked(LockKey.of("user", "ann"))).isFalse();
    }

    private String uri() {
        return "redis://:p%40ss+word@127.0.0.1:" + server.port();
    }

    @Test
    void spring_datas_connection_factory_over_lettuce_or_jedis_and_redisson_meet_on_one_server() {
        application
                .withBean(LettuceConnectionFactory.class, () -> new LettuceConnectionFactory(address()))
                .run(lettuce -> application
                        .withBean(JedisConnectionFactory.class, () -> new JedisConnectionFactory(address()))
                        .run(jedis -> application
                                .withBean(
                                        RedissonClient.class,
                                        () -> {
                                            Config config = new Config();
                                            config.setPassword("p@ss+word");
                                            config.useSingleServer().setAddress("redis://127.0.0.1:" + server.port());
                                            return Redisson.create(config);
                                        },
                                        definition -> definition.setDestroyMethodName("shutdown"))
                                .run(redisson -> {
                                    Locks overLettuce = lettuce.getBean(Locks.class);
                                    Locks overJedis = jedis.getBean(Locks.class);
                                    Locks overRedisson = redisson.getBean(Locks.class);
                                    requireSeenByOthers(overLettuce, overJedis);
                                    requireSeenByOthers(overJedis, overRedisson);
                                    requireSeenByOthers(overRedisson, overLettuce);
                                    assertThat(lettuce.getBean(Points.class).add("bob"))
                                            .isPositive();
                                })));
    }

    @Test
    void an_address_of_its_own_wins_over_the_applications_clients() {
        application
                .withBean(
                        LettuceConnectionFactory.class,
                        () -> new LettuceConnectionFactory(
                                new RedisStandaloneConfiguration("127.0.0.1", RedisServer.freePort())))
                .withPropertyValues("lockweave.redis.uri=" + uri(), "lockweave.redis.client=jedis")
                .run(context ->
                        assertThat(context.getBean(Points.class).add("ann")).isPositive());
    }

    @Test
    void without_a_client_bean_or_an_address_locks_stay_in_this_process() {
        application.run(
                context -> assertThat(context.getBean(Locks.class).backend()).isEqualTo("local"));
    }

    @Test
    void redis_asked_for_without_a_client_bean_or_an_address_stops_the_start() {
        application.withPropertyValues("lockweave.backend=redis").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("lockweave.redis.uri");
        });
    }

    @Test
    void a_server_that_does_not_answer_stops_the_start() {
        application
                .withPropertyValues("lockweave.redis.uri=redis://127.0.0.1:" + RedisServer.freePort())
                .run(context -> {
                    assertThat(context).hasFailed();
                    Throwable failure = context.getStartupFailure();
                    while (failure != null && !(failure instanceof LockBackendException)) {
                        failure = failure.getCause();
                    }
                    assertThat(failure).isInstanceOf(LockBackendException.class);
                    FailureAnalysis analysis = analyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains("127.0.0.1");
                    assertThat(analysis.getAction()).contains("lockweave.redis.*");
                });
    }

    @Test
    void local_only_overrides_every_backend() {
        application
                .withPropertyValues(
                        "lockweave.backend=redis",
                        "lockweave.test.local-only=true",
                        "lockweave.locks.user.backend=redis")
                .run(context -> {
                    assertThat(context.getBean(Locks.class).backend()).isEqualTo("local");
                    assertThat(context.getBean(Points.class).add("ann")).isPositive();
                });
    }

    /** As Spring Boot makes it, by its name in {@code spring.factories}. */
    private static FailureAnalyzer analyzer() {
        return (FailureAnalyzer) BeanUtils.instantiateClass(
                ClassUtils.resolveClassName("io.lockweave.spring.LockBackendFailureAnalyzer", null));
    }
}
