package io.lockweave.spring.suites;

import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.redis.RedisServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.postgresql.ds.PGSimpleDataSource;
import redis.clients.jedis.JedisPooled;

/** DistributedLock's rules of locks between processes, on Redis and on PostgreSQL. */
class ProcessLocksTest {

    private static RedisServer redis;
    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        redis = RedisServer.launch();
        postgres = PostgresServer.launch(Map.of());
    }

    @AfterAll
    static void stop() {
        redis.close();
        postgres.close();
    }

    /** Makes a backend on Redis, by the server's port. */
    public static final class RedisMaker implements ForkedHolder.BackendMaker {

        @Override
        @SuppressWarnings("deprecation") // what replaces it is not in the Jedis of Boot 3.5
        public LockBackend make(List<String> arguments) {
            int port = Integer.parseInt(arguments.get(0));
            return RedisBackend.over(JedisTransport.owning(new JedisPooled("127.0.0.1", port)));
        }
    }

    /** Makes a backend on PostgreSQL, by its URL. */
    public static final class PostgresMaker implements ForkedHolder.BackendMaker {

        @Override
        public LockBackend make(List<String> arguments) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(arguments.get(0));
            return JdbcBackend.lease(source).initializeSchema(true).build();
        }
    }

    @Nested
    class OnRedis extends ProcessLockContract {

        @Override
        LockBackend newBackend() {
            return new RedisMaker().make(recipe().arguments());
        }

        @Override
        ForkedHolder.Recipe recipe() {
            return ForkedHolder.Recipe.of(RedisMaker.class, String.valueOf(redis.port()));
        }
    }

    @Nested
    class OnPostgres extends ProcessLockContract {

        @Override
        LockBackend newBackend() {
            return new PostgresMaker().make(recipe().arguments());
        }

        @Override
        ForkedHolder.Recipe recipe() {
            return ForkedHolder.Recipe.of(PostgresMaker.class, postgres.url());
        }
    }
}
