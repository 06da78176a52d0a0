package io.lockweave.redis;

import io.lockweave.LockBackendException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what a client's exception means. The clients differ, the server's error texts do not. */
final class RedisErrors {

    /** What an operator may see for a while: a restart, a fail-over, a full memory or disk. */
    private static final List<String> PASSING = List.of(
            "LOADING",
            "READONLY",
            "MASTERDOWN",
            "CLUSTERDOWN",
            "TRYAGAIN",
            "MOVED",
            "ASK ",
            "BUSY",
            "MISCONF",
            "NOREPLICAS",
            "OOM",
            "UNBLOCKED",
            "ERR max number of clients");

    private static final List<String> NO_LOGIN = List.of("NOAUTH", "WRONGPASS", "ERR invalid password", "ERR AUTH");

    /** NOPERM as such, and the forms it takes inside a script. */
    private static final List<String> NO_RIGHT = List.of(
            "NOPERM", "ACL failure in script", "can't run this command", "can't access at least one of the keys");

    /**
     * What a Redis user needs, as for {@code ACL SETUSER}: the scripts, and what the clients ask of a server or a
     * Cluster.
     */
    static final String RIGHTS =
            "~lw:* &lw:* +@connection +@read +@write +@scripting +@pubsub +time +wait +info +select"
                    + " +cluster|slots +cluster|shards +cluster|nodes +cluster|myid";

    private RedisErrors() {}

    static LockBackendException translate(String client, String action, RuntimeException failure) {
        String error = serverError(failure);
        String what = "Redis (through " + client + ") failed to " + action;
        if (error == null) {
            return LockBackendException.passing(what + ": " + failure.getMessage(), failure);
        }
        if (PASSING.stream().anyMatch(error::contains)) {
            return LockBackendException.passing(what + ": " + error, failure);
        }
        if (NO_LOGIN.stream().anyMatch(error::startsWith)) {
            return LockBackendException.lasting(
                    what + ": the server refuses the login (" + error
                            + "). To fix it: check user and password in the URI, or of the client you passed in.",
                    failure);
        }
        if (NO_RIGHT.stream().anyMatch(error::contains)) {
            return LockBackendException.lasting(
                    what + ": the Redis user lacks a right (" + error + "). To fix it: ACL SETUSER <user> " + RIGHTS,
                    failure);
        }
        return LockBackendException.lasting(
                what + ": the server answers " + error
                        + ". To fix it: see that the server is Redis 6 or later, or Valkey, and that nothing"
                        + " but Lockweave"
                        + " writes keys that begin with lw:",
                failure);
    }

    /** Whether the server refuses the login or a right. */
    static boolean isDenied(RuntimeException failure) {
        String error = serverError(failure);
        return error != null
                && (NO_LOGIN.stream().anyMatch(error::startsWith)
                        || NO_RIGHT.stream().anyMatch(error::contains));
    }

    /** Whether a Cluster's node says that a key is to be asked for elsewhere, or that the Cluster is not whole. */
    static boolean isMoved(String error) {
        return error.startsWith("MOVED") || error.startsWith("CLUSTERDOWN");
    }

    /** Whether a server says that it is no master any more, or a replica without one. */
    static boolean isDemoted(String error) {
        return error.contains("READONLY") || error.contains("MASTERDOWN");
    }

    /** The server's own words in an exception or its causes, or null if it did not speak. */
    static @Nullable String serverError(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            String message = cause.getMessage();
            boolean fromNetwork = cause instanceof IOException; // "SSL peer shut down" is not the server's word
            if (message != null && !fromNetwork && isServerError(message)) {
                return message.lines().findFirst().orElse(message);
            }
            cause = cause.getCause();
        }
        return null;
    }

    /** Error replies begin with a code in capital letters. */
    private static boolean isServerError(String message) {
        int end = message.indexOf(' ');
        return end >= 3 && message.substring(0, end).chars().allMatch(c -> (c >= 'A' && c <= 'Z') || c == '_');
    }
}
