package io.lockweave.spring.suites;

import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.local.LocalBackend;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.redis.RedisServer;
import org.h2.jdbcx.JdbcConnectionPool;
import redis.clients.jedis.JedisPooled;

/** What the suites run on: one Redis server and one database in memory, for one test class. */
final class Stores implements AutoCloseable {

    private final RedisServer redis = RedisServer.launch();
    private final JdbcConnectionPool database =
            JdbcConnectionPool.create("jdbc:h2:mem:suites;DB_CLOSE_DELAY=-1", "sa", "");

    Stores() {
        database.setMaxConnections(40);
    }

    /** Locks inside this JVM; each call gives others, since nobody shares them. */
    LockBackend local() {
        return new LocalBackend();
    }

    /** As another JVM would connect to the Redis server. */
    @SuppressWarnings("deprecation") // what replaces it is not in the Jedis of Boot 3.5
    LockBackend redis() {
        return RedisBackend.over(JedisTransport.owning(new JedisPooled("127.0.0.1", redis.port())));
    }

    /** As another JVM would use the lease table. */
    LockBackend lease() {
        return JdbcBackend.lease(database).initializeSchema(true).build();
    }

    JdbcConnectionPool database() {
        return database;
    }

    @Override
    public void close() {
        redis.close();
        database.dispose();
    }
}
