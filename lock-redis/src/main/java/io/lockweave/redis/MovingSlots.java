package io.lockweave.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockMode;
import io.lockweave.spi.Grant;
import java.util.List;
import java.util.function.Supplier;

/**
 * Releases and renewals while a slot moves from one server of a Cluster to another. Some keys of a lock are on the one
 * then and some on the other, and a script that names several is refused (TRYAGAIN) for as long as that lasts. So what
 * ends or keeps a lock is done with one key at a time, each of which is found. Taking a lock needs all of its keys at
 * once, and is tried again.
 */
final class MovingSlots {

    /** In place of an owner: what is known of several holders is to stay. */
    static final String DETAILS = "+";

    private final RedisTransport transport;
    private final RedisCalls calls;

    MovingSlots(RedisTransport transport, RedisCalls calls) {
        this.transport = transport;
        this.calls = calls;
    }

    /** The result of the first way, or of the other if the slot moves. */
    <T> T orApart(Supplier<T> together, Supplier<T> apart) {
        try {
            return together.get();
        } catch (LockBackendException e) {
            if (!transport.cluster() || !isMoving(e)) {
                throw e;
            }
            return apart.get();
        }
    }

    /** Redisson says nothing of it and tries again until the time for an answer is over. */
    private static boolean isMoving(LockBackendException failure) {
        Throwable cause = failure.getCause();
        String error = cause == null ? null : RedisErrors.serverError(cause);
        return error == null ? cause instanceof Awaiting.NoAnswer : error.contains("TRYAGAIN");
    }

    /** Frees a lock, and leaves its queue; whoever waits asks by itself. Answers as the script does. */
    List<String> end(String action, RedisKeys keys, String owner, boolean withdrawn) {
        if (withdrawn) {
            calls.run(action, RedisScript.LEAVE, List.of(keys.queue()), List.of(owner));
        }
        calls.run(action, RedisScript.FORGET, List.of(keys.details()), List.of(owner));
        return calls.run(action, RedisScript.DROP, List.of(keys.lock()), List.of(owner));
    }

    /** Renews one grant after the other; answers as the script does. */
    List<String> renew(String action, List<Grant> grants, String lease) {
        return grants.stream()
                .map(grant -> {
                    RedisKeys keys = RedisKeys.of(grant.key());
                    if (grant.claim().mode() != LockMode.EXCLUSIVE) {
                        renew(action, keys.details(), lease, DETAILS);
                    }
                    return renew(action, keys.lock(), lease, grant.owner());
                })
                .toList();
    }

    private String renew(String action, String key, String lease, String owner) {
        return calls.run(action, RedisScript.RENEW, List.of(key), List.of(lease, owner))
                .get(0);
    }
}
