package io.lockweave.spring.transaction;

import org.jspecify.annotations.Nullable;

/**
 * What must hold when a transaction commits: the check of the innermost lock, then those around it.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public record CommitChecks(Runnable check, @Nullable CommitChecks outer) implements Runnable {

    @Override
    public void run() {
        check.run();
        if (outer != null) {
            outer.run();
        }
    }
}
