package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockBackendFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Makes the backend {@code redis} from properties: {@code uri}, {@code client}, {@code replica-acks},
 * {@code replica-timeout}, {@code timeout} (for an answer) and {@code connect-timeout}.
 */
public final class RedisBackendFactory implements LockBackendFactory {

    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofMinutes(5);

    /** For {@link java.util.ServiceLoader}. */
    public RedisBackendFactory() {}

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public Set<String> properties() {
        return Set.of("uri", "client", "replica-acks", "replica-timeout", "timeout", "connect-timeout");
    }

    @Override
    public LockBackend create(BackendSettings settings) {
        String uri = settings.text("uri")
                .orElseThrow(() -> new LockUsageException(
                        "lockweave.backend is redis, and lockweave.redis.uri is missing",
                        "say where it is, for example lockweave.redis.uri = redis://localhost:6379"));
        RedisAddress address = RedisAddress.parse(uri);
        RedisClients client =
                RedisClients.named(settings.oneOf("client", List.of("auto", "jedis", "redisson", "lettuce")));
        Duration timeout = time(settings, "timeout", Duration.ofSeconds(2));
        Duration connectTimeout = time(settings, "connect-timeout", Duration.ofSeconds(2));
        int acks = settings.number("replica-acks", 0, 0);
        Duration replicaTimeout = time(settings, "replica-timeout", Duration.ofMillis(500));
        if (acks > 0 && replicaTimeout.compareTo(timeout) >= 0) {
            throw new LockUsageException(
                    "lockweave.redis.replica-timeout is " + replicaTimeout + ", and lockweave.redis.timeout " + timeout,
                    "make the replicas' time the shorter one");
        }
        RedisBackend backend = RedisBackend.builder(open(client, address, connectTimeout, timeout))
                .replicaAcks(acks)
                .replicaTimeout(replicaTimeout)
                .build();
        try {
            backend.check();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    private static RedisTransport open(
            RedisClients client, RedisAddress address, Duration connectTimeout, Duration timeout) {
        try {
            return client.open(address, connectTimeout, timeout);
        } catch (LockUsageException | LockBackendException e) {
            throw e;
        } catch (RuntimeException e) {
            throw RedisErrors.translate(client.name(), "connect to " + address, e);
        }
    }

    private static Duration time(BackendSettings settings, String property, Duration otherwise) {
        Duration time = settings.duration(property, otherwise);
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw new LockUsageException(
                    "lockweave.redis." + property + " is " + time, "choose a time from 1 ms to 5 minutes");
        }
        return time;
    }
}
