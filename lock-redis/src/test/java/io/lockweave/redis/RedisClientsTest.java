package io.lockweave.redis;

import static io.lockweave.redis.Claims.exclusive;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lockweave.LockUsageException;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Grant;
import io.lockweave.testservers.redis.RedisServer;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.NameMapper;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** Clients that the user passed in, and class paths that have only one of them. */
class RedisClientsTest {

    private static final Map<RedisClients, String> PACKAGES = Map.of(
            RedisClients.JEDIS, "redis.clients.jedis.",
            RedisClients.LETTUCE, "io.lettuce.",
            RedisClients.REDISSON, "org.redisson.");

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void used(RedisTransport transport) {
        try (RedisBackend backend = RedisBackend.over(transport)) {
            Grant grant = granted(backend, exclusive(key()));
            try (Waiter waiter = Waiter.exclusive(backend, grant.key())) {
                assertThat(backend.release(grant)).isTrue();
                assertThat(backend.release(waiter.awaitGrant())).isTrue();
            }
        }
    }

    @Test
    void aJedisThatWasPassedInStaysOpen() {
        try (RedisClient jedis = RedisClient.create("127.0.0.1", server.port())) {
            used(JedisTransport.of(jedis));
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    @Test
    void aJedisWithAPoolOfOneIsRefused() {
        ConnectionPoolConfig one = new ConnectionPoolConfig();
        one.setMaxTotal(1);
        try (RedisClient jedis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                .poolConfig(one)
                .build()) {
            assertThatExceptionOfType(LockUsageException.class)
                    .isThrownBy(() -> JedisTransport.of(jedis))
                    .withMessageContaining("pool of 1 connection")
                    .withMessageContaining("setMaxTotal");
        }
    }

    @Test
    void aJedisThatSpeaksResp3IsUsedAlike() {
        try (RedisClient jedis = RedisClient.builder()
                .hostAndPort(new HostAndPort("127.0.0.1", server.port()))
                .clientConfig(DefaultJedisClientConfig.builder().resp3().build())
                .build()) {
            used(JedisTransport.of(jedis));
        }
    }

    @Test
    void aLettuceThatKnowsNoAddressIsRefusedWithTheRemedy() {
        io.lettuce.core.RedisClient lettuce = io.lettuce.core.RedisClient.create();
        try (RedisBackend backend = RedisBackend.over(LettuceTransport.of(lettuce))) {
            assertThatExceptionOfType(LockUsageException.class)
                    .isThrownBy(() -> backend.tryAcquire(exclusive(key())))
                    .withMessageContaining("knows no address")
                    .withMessageContaining("lockweave.redis.uri");
        } finally {
            lettuce.shutdown();
        }
    }

    @Test
    void aLettuceThatDoesNotReconnectIsUsableAgainAfterItsConnectionsWereCut() {
        io.lettuce.core.RedisClient lettuce = io.lettuce.core.RedisClient.create(server.uri());
        lettuce.setOptions(ClientOptions.builder().autoReconnect(false).build());
        try (RedisBackend backend = RedisBackend.over(LettuceTransport.of(lettuce))) {
            Grant grant = granted(backend, exclusive(key()));
            server.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

            assertThat(backend.release(grant)).isTrue();
        } finally {
            lettuce.shutdown();
        }
    }

    @Test
    void aLettuceThatWasPassedInStaysOpenAndHasNoConnectionsLeft() {
        RedisURI uri = RedisURI.create(server.uri());
        io.lettuce.core.RedisClient lettuce = io.lettuce.core.RedisClient.create();
        try {
            used(LettuceTransport.of(lettuce, uri));
            try (var connection = lettuce.connect(uri)) {
                assertThat(connection.sync().ping()).isEqualTo("PONG");
                assertThat(connection.sync().clientList().lines().filter(line -> line.contains("lib-name=Lettuce")))
                        .hasSizeLessThanOrEqualTo(1);
            }
        } finally {
            lettuce.shutdown();
        }
    }

    @Test
    void aRedissonThatWasPassedInStaysOpen() {
        Config config = new Config();
        config.useSingleServer().setAddress(server.uri());
        RedissonClient redisson = Redisson.create(config);
        try {
            used(RedissonTransport.of(redisson));
            assertThat(redisson.isShutdown()).isFalse();
            assertThat(redisson.getBucket("any").isExists()).isFalse();
        } finally {
            redisson.shutdown();
        }
    }

    @Test
    void aRedissonThatChangesNamesIsRefused() {
        Config config = new Config();
        config.useSingleServer().setAddress(server.uri());
        config.setNameMapper(new NameMapper() {
            @Override
            public String map(String name) {
                return "mine:" + name;
            }

            @Override
            public String unmap(String name) {
                return name.substring("mine:".length());
            }
        });
        RedissonClient redisson = Redisson.create(config);
        try {
            assertThatExceptionOfType(LockUsageException.class)
                    .isThrownBy(() -> RedissonTransport.of(redisson))
                    .withMessageContaining("mine:lw:name");
        } finally {
            redisson.shutdown();
        }
    }

    /** Our classes anew, with the classes of the other clients out of sight. */
    private static final class OnlyOneClient extends URLClassLoader {

        private final List<String> hidden;

        OnlyOneClient(RedisClients client) {
            super(classPath(), ClassLoader.getPlatformClassLoader());
            hidden = PACKAGES.entrySet().stream()
                    .filter(entry -> entry.getKey() != client)
                    .map(Map.Entry::getValue)
                    .toList();
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                    .map(entry -> {
                        try {
                            return Path.of(entry).toUri().toURL();
                        } catch (java.net.MalformedURLException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toArray(URL[]::new);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (hidden.stream().anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name + " is hidden");
            }
            return super.findClass(name);
        }
    }

    /** Runs behind {@link OnlyOneClient}. */
    public static final class Inside {

        private Inside() {}

        /** Takes a lock with the client found on the class path; answers its name. */
        public static String takeALock(String uri) throws Exception {
            for (Class<?> type : List.of(RedisBackend.class, RedisBackendBuilder.class, RedisTransport.class)) {
                // as containers do, which loads what the signatures name
                assertThat(type.getDeclaredMethods()).isNotEmpty();
            }
            RedisClients client = RedisClients.named("auto");
            try (RedisBackend backend = Backends.open(client, uri)) {
                Grant grant = granted(backend, exclusive(key()));
                return client + " " + backend.release(grant);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RedisClients.class)
    void eachClientWorksWithoutTheJarsOfTheOthers(RedisClients client) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (OnlyOneClient loader = new OnlyOneClient(client)) {
            Thread.currentThread().setContextClassLoader(loader);
            Method inside = loader.loadClass(Inside.class.getName()).getMethod("takeALock", String.class);

            assertThat(inside.invoke(null, server.uri())).isEqualTo(client + " true");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void eachClientHasANameInProperties() {
        assertThat(Arrays.stream(RedisClients.values())
                        .map(c -> c.name().toLowerCase(java.util.Locale.ROOT))
                        .collect(Collectors.toSet()))
                .isEqualTo(java.util.Set.of("jedis", "lettuce", "redisson"));
    }
}
