package io.lockweave.spring.backend;

import io.lockweave.LockUsageException;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spring.aop.SelfInvocations;
import io.lockweave.spring.jpa.StaleEntities;
import io.lockweave.spring.transaction.StaleSnapshots;
import java.time.Duration;
import java.util.List;

/**
 * The properties of this module, read once when the application starts: a wrong value is no way to switch something
 * off.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class SpringSettings {

    private SpringSettings() {}

    /**
     * Reads them all, also those of parts that are not there.
     *
     * @throws LockUsageException naming the first one whose value is not valid
     */
    public static void check(LockweaveConfig config) {
        for (String part : List.of("metrics", "observations", "web")) {
            config.settings(part).flag("enabled", true);
        }
        config.settings("test").flag("local-only", false);
        config.settings("endpoint").flag("force-release", false);
        StaleEntities.of(config);
        StaleSnapshots.of(config);
        SelfInvocations.of(config);
        BoundedNames.of(config);
        config.settings("web").duration("retry-after", Duration.ofSeconds(1));
        for (String time : List.of("renewal", "timeout")) {
            if (config.settings("integration")
                    .duration(time, Duration.ofSeconds(1))
                    .isZero()) {
                throw new LockUsageException(
                        "lockweave.integration." + time + " is 0", "choose a time of at least 1 ms");
            }
        }
    }
}
