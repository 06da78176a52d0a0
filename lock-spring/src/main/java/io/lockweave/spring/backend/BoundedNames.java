package io.lockweave.spring.backend;

import io.lockweave.config.LockweaveConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names of locks as tags. There are as many as annotations, unless a program puts what belongs into the key's value
 * into its name: names beyond the bound are one. What a name once became it stays. Safe for use from any thread.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class BoundedNames {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");
    private static final String OTHER = "other";

    private final int most;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, String> known = new ConcurrentHashMap<>();

    BoundedNames(int most) {
        this.most = most;
    }

    public static BoundedNames of(LockweaveConfig config) {
        return new BoundedNames(config.settings("metrics").number("most-names", 1, 200));
    }

    /** The name, or {@code other}. */
    public String tag(String name) {
        String tag = known.get(name);
        if (tag != null) {
            return tag;
        }
        return count.get() > most ? OTHER : known.computeIfAbsent(name, this::admit);
    }

    private String admit(String name) {
        int which = count.incrementAndGet();
        if (which == most + 1) {
            LOG.log(
                    Level.WARNING,
                    "Locks have more than " + most + " names; meters call the further ones \"" + OTHER
                            + "\". Put what differs from call to call into the key's value, or raise"
                            + " lockweave.metrics.most-names");
        }
        return which > most ? OTHER : name;
    }
}
