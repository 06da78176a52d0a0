package io.lockweave.redis;

import io.lockweave.LockUsageException;
import java.time.Duration;

/** Settings of a {@link RedisBackend}. Not safe for use from several threads. */
public final class RedisBackendBuilder {

    private final RedisTransport transport;
    private int replicaAcks;
    private Duration replicaTimeout = Duration.ofMillis(500);

    RedisBackendBuilder(RedisTransport transport) {
        this.transport = transport;
    }

    /**
     * How many replicas must have a lock before it counts as taken; 0 by default. If fewer answer in time, the lock is
     * given back and the attempt fails as one that may be tried again. Each acquisition then costs the way to a replica
     * and back, and waiters are woken to try for themselves rather than granted the lock.
     */
    public RedisBackendBuilder replicaAcks(int replicas) {
        if (replicas < 0) {
            throw new LockUsageException(
                    "replicaAcks is " + replicas, "name the number of replicas to wait for, or 0 for none");
        }
        this.replicaAcks = replicas;
        return this;
    }

    /** How long to wait for the replicas; 500 ms by default. Must be shorter than the client's own time-out. */
    public RedisBackendBuilder replicaTimeout(Duration longest) {
        if (longest.toMillis() < 1) {
            throw new LockUsageException("replicaTimeout is " + longest, "give replicas at least 1 ms");
        }
        this.replicaTimeout = longest;
        return this;
    }

    /** The backend. */
    public RedisBackend build() {
        return new RedisBackend(transport, replicaAcks, replicaTimeout);
    }
}
