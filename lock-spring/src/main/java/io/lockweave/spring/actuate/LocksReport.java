package io.lockweave.spring.actuate;

import io.lockweave.LockOutage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who holds and who waits, and what the last hour was like.
 *
 * @param locks the locks that are held or waited for
 * @param contended the names that were busy most often in the last hour, for this process
 * @param lost the locks that this process lost in the last hour, the newest first
 * @param backends the backends in use
 */
public record LocksReport(List<LockReport> locks, List<Contended> contended, List<Lost> lost, List<Backend> backends) {

    /**
     * A name that was busy.
     *
     * @param name the name, or {@code other} for those beyond the bound
     * @param waits how many claims had to wait
     * @param unavailable how many claims ended without the lock
     */
    public record Contended(String name, long waits, long unavailable) {}

    /**
     * A lock that was lost.
     *
     * @param key the key
     * @param backend the backend that had it
     * @param at when
     * @param heldMillis how long it had been held
     * @param why why
     */
    public record Lost(String key, String backend, Instant at, long heldMillis, String why) {}

    /**
     * A backend in use.
     *
     * @param name the name
     * @param outageMillis for how long its store has given no answer; null if it answers
     * @param problem why its locks are not listed; null if they are
     */
    public record Backend(
            String name,
            @Nullable Long outageMillis,
            @Nullable String problem) {

        static Backend of(String name, @Nullable LockOutage outage, @Nullable String problem) {
            return new Backend(name, outage == null ? null : outage.lasting().toMillis(), problem);
        }
    }
}
