package io.lockweave;

import io.lockweave.config.BackendLocks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.ConfiguredEnvironment;
import io.lockweave.invoke.LockEnvironment;
import io.lockweave.invoke.LockedInvoker;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The locks of this program: those that woven {@link Locked} methods use. Configured by {@code lockweave.properties} on the
 * class path and by system properties when they are first needed; a container or a test puts its own in their place with
 * {@link #use}. Safe for use from any thread.
 */
public final class Lockweave {

    private static volatile @Nullable Current current;
    private static boolean hooked;

    private Lockweave() {}

    /**
     * The locks of the primary backend.
     *
     * @throws LockUsageException if the configuration is wrong
     */
    public static Locks locks() {
        return locks("");
    }

    /**
     * The locks of a backend by its name.
     *
     * @throws LockUsageException if there is no such backend or the configuration is wrong
     */
    public static Locks locks(String backend) {
        return current().environment().locks(backend);
    }

    /** Runs locked methods; for interceptors. */
    public static LockedInvoker invoker() {
        return current().invoker();
    }

    /**
     * From now on woven methods use these locks, each under the name of its backend, the first one as the primary one.
     * Names, times and placeholders stay as configured. What was configured before is closed; these locks are not closed
     * here.
     */
    public static void use(Locks primary, Locks... others) {
        Map<String, Locks> byName = new LinkedHashMap<>();
        byName.put("", primary);
        byName.put(primary.backend(), primary);
        for (Locks other : others) {
            byName.putIfAbsent(other.backend(), other);
        }
        use(new ConfiguredEnvironment(LockweaveConfig.ofProgram(), backend -> {
            Locks locks = byName.get(backend);
            if (locks == null) {
                throw new LockUsageException(
                        "There are no locks of the backend \"" + backend + "\"",
                        "give them to Lockweave.use, or ask for one of "
                                + byName.keySet().stream()
                                        .filter(name -> !name.isEmpty())
                                        .toList());
            }
            return locks;
        }));
    }

    /** From now on woven methods run in this environment; for containers. What was configured before is closed. */
    public static void use(LockEnvironment environment) {
        replace(new Current(environment, new LockedInvoker(environment), null));
    }

    /** Back to the configuration if woven methods still run in this environment; else nothing. */
    public static void leave(LockEnvironment environment) {
        Current known = current;
        if (known != null && known.environment() == environment) {
            replace(null);
        }
    }

    /** Back to the configuration, which is read again when it is next needed. What was configured before is closed. */
    public static void reset() {
        replace(null);
    }

    private static void replace(@Nullable Current next) {
        Current before;
        synchronized (Lockweave.class) {
            before = current;
            current = next;
        }
        if (before != null && before.owned() != null) {
            before.owned().close();
        }
    }

    private static Current current() {
        Current known = current;
        return known != null ? known : configure();
    }

    private static synchronized Current configure() {
        Current known = current;
        if (known != null) {
            return known;
        }
        LockweaveConfig config = LockweaveConfig.ofProgram();
        BackendLocks locks = new BackendLocks(config);
        LockEnvironment environment = new ConfiguredEnvironment(config, locks::get);
        Current made = new Current(environment, new LockedInvoker(environment), locks);
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(new Thread(Lockweave::shutDown, "lockweave-shutdown"));
            hooked = true;
        }
        current = made;
        return made;
    }

    /** Closes the locks and keeps them closed: whoever asks for one from now on hears that the program is ending. */
    private static void shutDown() {
        Current last = current;
        if (last != null && last.owned() != null) {
            last.owned().close();
        }
    }

    /** What is in use, and the locks in it that are closed with it. */
    private record Current(
            LockEnvironment environment,
            LockedInvoker invoker,
            @Nullable BackendLocks owned) {}
}
