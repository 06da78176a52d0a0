package io.lockweave.redis;

import static io.lockweave.redis.Claims.key;

import io.lockweave.LockKey;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests with a server of their class, and for each a backend over Jedis and a key of its own. */
abstract class OnOneRedis {

    static RedisServer server;
    static RedisWire redis;

    final RedisBackend backend = Backends.open(RedisClients.JEDIS, server.uri());
    final LockKey key = key();

    @BeforeAll
    static void startServer() {
        server = RedisServer.launch();
        redis = new RedisWire(server.port());
    }

    @AfterAll
    static void stopServer() {
        redis.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        redis.run("FLUSHALL");
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }
}
