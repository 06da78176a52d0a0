package io.lockweave.redis;

import io.lockweave.LockException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Calls of the client. Clients give up, or fail at once, on an interrupted thread: the flag is kept away from them, and
 * a call that an interrupt broke off is made once more, which every call here allows.
 */
final class RedisCalls {

    private final RedisTransport transport;
    private final AtomicLong repeats = new AtomicLong();

    RedisCalls(RedisTransport transport) {
        this.transport = transport;
    }

    /** Runs a script. */
    List<String> run(String action, RedisScript script, List<String> keys, List<String> arguments) {
        return call(action, () -> transport.run(script, keys, arguments));
    }

    /** Makes a call; what the client throws is translated. */
    <T> T call(String action, Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            return call.get();
        } catch (RuntimeException first) {
            if (!Thread.interrupted() && !isInterrupt(first)) {
                throw translated(action, first);
            }
            interrupted = true;
            repeats.incrementAndGet();
            try {
                return call.get();
            } catch (RuntimeException second) {
                throw translated(action, second);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Grows whenever a request may have been sent more than once. */
    long repeats() {
        return repeats.get() + transport.repeats();
    }

    /** Some clients wrap an interrupt without setting the flag again. */
    private static boolean isInterrupt(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof InterruptedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private LockException translated(String action, RuntimeException failure) {
        return failure instanceof LockException known
                ? known
                : RedisErrors.translate(transport.client(), action, failure);
    }
}
