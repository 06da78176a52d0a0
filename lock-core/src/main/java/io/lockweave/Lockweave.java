package io.lockweave;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.Applications;
import io.lockweave.invoke.ConfiguredEnvironment;
import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spi.container.LockEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The locks of a program: those that woven {@link Locked} methods use. Configured by {@code lockweave.properties} on
 * the class path and by system properties when they are first needed; a container or a test puts its own in their
 * place. Several applications in one JVM each have their own: what is done here concerns the classes of the calling
 * class's loader, and of those below it. A class that calls this and has locked methods which were not woven is warned
 * of in the log. Safe for use from any thread.
 */
public final class Lockweave {

    private static final StackWalker CALLERS = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private Lockweave() {}

    /**
     * The locks of the primary backend.
     *
     * @throws LockUsageException if the configuration is wrong
     */
    public static Locks locks() {
        Class<?> caller = CALLERS.getCallerClass();
        UnwovenCallers.look(caller);
        return Applications.environment(caller).locks("");
    }

    /**
     * The locks of a backend by its name.
     *
     * @throws LockUsageException if there is no such backend or the configuration is wrong
     */
    public static Locks locks(String backend) {
        Class<?> caller = CALLERS.getCallerClass();
        UnwovenCallers.look(caller);
        return Applications.environment(caller).locks(backend);
    }

    /** Runs locked methods as those of the calling class are run; for interceptors. */
    public static LockedInvoker invoker() {
        return Applications.invoker(CALLERS.getCallerClass(), null);
    }

    /**
     * From now on woven methods use these locks, each under the name of its backend, the first one as the primary one.
     * Names, times and placeholders stay as configured. These locks are not closed here, nor are those in use before.
     */
    public static void use(Locks primary, Locks... others) {
        Class<?> caller = CALLERS.getCallerClass();
        UnwovenCallers.look(caller);
        Map<String, Locks> byName = new LinkedHashMap<>();
        byName.put("", primary);
        byName.put(primary.backend(), primary);
        for (Locks other : others) {
            byName.putIfAbsent(other.backend(), other);
        }
        LockEnvironment environment = new ConfiguredEnvironment(LockweaveConfig.ofProgram(), backend -> {
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
        });
        Applications.use(caller, environment);
    }

    /** From now on woven methods run in this environment. What was in use before is not closed. */
    public static void use(LockEnvironment environment) {
        Applications.use(CALLERS.getCallerClass(), environment);
    }

    /**
     * Ends {@link #use}: back to the container that is open, or to the configuration, which is read again when it is
     * next needed. Locks that were made from the configuration are closed. An application that is undeployed while its
     * JVM goes on calls this at its end.
     */
    public static void reset() {
        Applications.reset(CALLERS.getCallerClass());
    }
}
