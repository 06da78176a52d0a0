package io.lockweave.spring;

import io.lockweave.LockUsageException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what is wrong and how to fix it when an application does not start. */
final class LockUsageFailureAnalyzer extends AbstractFailureAnalyzer<LockUsageException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LockUsageException cause) {
        String remedy = cause.remedy();
        return new FailureAnalysis(
                cause.problem() + ".", Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".", cause);
    }
}
