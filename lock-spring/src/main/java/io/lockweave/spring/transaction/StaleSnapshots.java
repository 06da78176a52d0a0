package io.lockweave.spring.transaction;

import io.lockweave.config.LockweaveConfig;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of a lock taken in a transaction that goes on reading what it read first:
 * {@code lockweave.transactions.stale-snapshots}.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public enum StaleSnapshots {

    /**
     * The call is refused if the transaction has read, and its database would lose an update silently; else as WARN.
     */
    REFUSE,

    /** The log says it, once for each method. */
    WARN,

    /** Nothing. */
    IGNORE;

    /**
     * Reads the property.
     *
     * @throws io.lockweave.LockUsageException if it has some other value
     */
    public static StaleSnapshots of(LockweaveConfig config) {
        String word = config.settings("transactions").oneOf("stale-snapshots", List.of("refuse", "warn", "ignore"));
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
