package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import java.time.Duration;
import java.util.List;

/** Makes backends for tests, here and in other JVMs. */
public final class Backends implements ForkedHolder.BackendMaker {

    static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** For the other JVM. */
    public Backends() {}

    static RedisBackend open(RedisClients client, String uri) {
        return RedisBackend.over(transport(client, uri));
    }

    /** As {@link #open}, and connected already, for tests that measure time; unless the server is not there. */
    static RedisBackend connected(RedisClients client, String uri) {
        RedisBackend backend = open(client, uri);
        try {
            backend.find(LockKey.of("nothing"));
        } catch (LockBackendException e) {
            // the test means to have no server
        }
        return backend;
    }

    static RedisTransport transport(RedisClients client, String uri) {
        return client.open(RedisAddress.parse(uri), TIMEOUT, TIMEOUT);
    }

    @Override
    public LockBackend make(List<String> arguments) {
        return open(RedisClients.valueOf(arguments.get(0)), arguments.get(1));
    }
}
