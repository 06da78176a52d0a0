package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.WeavingCheck;
import io.lockweave.config.LockweaveConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What becomes of calls of locked methods on {@code this}, which no proxy sees: {@code lockweave.self-invocation}.
 * Told all together at the end of the start.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class SelfInvocations {

    private static final Logger LOG = System.getLogger("io.lockweave");

    private final Policy policy;
    private final List<LockUsageException> found = new ArrayList<>();
    private final List<String> lomboks = new ArrayList<>();

    private enum Policy {
        WARN,
        ERROR,
        IGNORE
    }

    private SelfInvocations(Policy policy) {
        this.policy = policy;
    }

    /**
     * Reads the property.
     *
     * @throws LockUsageException if it has a value that is not valid
     */
    public static SelfInvocations of(LockweaveConfig config) {
        String word = config.settings().oneOf("self-invocation", List.of("warn", "error", "ignore"));
        return new SelfInvocations(Policy.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    /** Looks at a bean's class whose methods are locked by a proxy. */
    void scan(Class<?> type, Collection<Method> locked) {
        if (policy != Policy.IGNORE) {
            List<Method> unwoven = locked.stream()
                    .filter(method -> !WeavingCheck.isWoven(method))
                    .toList();
            found.addAll(SelfCalls.in(type, unwoven));
        }
    }

    /** Looks for what Lombok's annotation of the same name leaves in a class. */
    void lookForLombok(String bean, Class<?> type) {
        try {
            boolean locks = Stream.of(type.getDeclaredFields())
                    .anyMatch(field -> field.getName().equalsIgnoreCase("$lock")
                            && field.getType().getName().startsWith("java.util.concurrent.locks."));
            if (locks) {
                lomboks.add("\"" + bean + "\" (" + type.getName() + ")");
            }
        } catch (LinkageError e) {
            // a class with fields of types that are not there has other worries
        }
    }

    /**
     * Says what was found.
     *
     * @throws LockUsageException if it is to be an error
     */
    void tell() {
        if (!lomboks.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "@lombok.Locked is on methods of bean " + String.join(", ", lomboks)
                            + ": it locks the object in this JVM alone, and Lockweave does not see it."
                            + " To fix it: import io.lockweave.Locked, if that was meant.");
            lomboks.clear();
        }
        if (found.isEmpty()) {
            return;
        }
        LockUsageException all = new LockUsageException(
                found.stream().map(LockUsageException::problem).distinct().collect(Collectors.joining("; ")),
                found.get(0).remedy() + "; or set lockweave.self-invocation = ignore");
        found.clear();
        if (policy == Policy.ERROR) {
            throw all;
        }
        LOG.log(Level.WARNING, all.getMessage());
    }
}
