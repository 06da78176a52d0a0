package io.lockweave.spring;

import io.lockweave.LockBackendException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that the store of the locks could not be used when the application started. */
final class LockBackendFailureAnalyzer extends AbstractFailureAnalyzer<LockBackendException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LockBackendException cause) {
        return new FailureAnalysis(
                "The store of the locks cannot be used: " + cause.getMessage(),
                "Start it, or correct its address and login: lockweave.redis.* or lockweave.jdbc.*, else those of the"
                        + " application's own client, such as spring.data.redis.* or spring.datasource.*. For"
                        + " locks inside"
                        + " this process only, set lockweave.backend to local.",
                cause);
    }
}
