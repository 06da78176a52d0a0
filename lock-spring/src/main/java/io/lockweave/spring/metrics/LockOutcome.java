package io.lockweave.spring.metrics;

import io.lockweave.LockBackendException;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockMode;
import io.lockweave.LockUsageException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The words of meters and observations. */
final class LockOutcome {

    static final String ACQUIRED = "acquired";

    /** How a wait may end. */
    static final List<String> WAITS = List.of(ACQUIRED, "unavailable", "failed", "deadlock");

    /** How a hold may end. */
    static final List<String> HOLDS = List.of("released", "lost", "release-failed");

    /** What should not happen. */
    static final List<String> PROBLEMS = List.of("renewal-failed", "backend-failed", "deadlock", "order");

    private LockOutcome() {}

    /** Why there is no lock; null if it was busy. */
    static String whyNot(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return whyNot(failure.getCause());
        }
        if (failure instanceof LockBackendException || failure instanceof LockUsageException) {
            return "failed";
        }
        return failure instanceof LockDeadlockException ? "deadlock" : "unavailable";
    }

    static String word(LockMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
