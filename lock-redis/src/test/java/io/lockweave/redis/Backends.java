package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** How another JVM opens one. */
    static ForkedHolder.Recipe recipe(RedisClients client, String uri) {
        return ForkedHolder.Recipe.of(Backends.class, client.name(), uri);
    }

    /** How other JVMs open one by each of the clients. */
    static Map<String, ForkedHolder.Recipe> recipes(String uri) {
        Map<String, ForkedHolder.Recipe> recipes = new LinkedHashMap<>();
        for (RedisClients client : RedisClients.values()) {
            recipes.put(client.name(), recipe(client, uri));
        }
        return recipes;
    }

    @Override
    public LockBackend make(List<String> arguments) {
        RedisTransport transport = transport(RedisClients.valueOf(arguments.get(0)), arguments.get(1));
        int acks = arguments.size() < 3 ? 0 : Integer.parseInt(arguments.get(2));
        return RedisBackend.builder(transport).replicaAcks(acks).build();
    }
}
