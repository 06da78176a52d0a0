package io.lockweave.spring.jpa;

import io.lockweave.config.LockweaveConfig;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of entities that were read before a lock was taken: {@code lockweave.jpa.stale-entities}.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public enum StaleEntities {

    /** They are read again; where that cannot be, the call is refused. */
    REFRESH,

    /** The call is refused. */
    REFUSE,

    /** They stay as they are. */
    IGNORE;

    /**
     * Reads the property.
     *
     * @throws io.lockweave.LockUsageException if it has some other value
     */
    public static StaleEntities of(LockweaveConfig config) {
        String word = config.settings("jpa").oneOf("stale-entities", List.of("refresh", "refuse", "ignore"));
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
