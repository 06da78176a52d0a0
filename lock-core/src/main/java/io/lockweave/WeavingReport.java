package io.lockweave;

import io.lockweave.invoke.LockedMethodCheck;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with the locked methods of some classes that are to be woven. */
final class WeavingReport {

    private static final String REMEDY = "weave the class at compile time (ajc, for example aspectj-maven-plugin with"
            + " io.lockweave:lock-core as aspectLibrary) or at load time (java -javaagent:aspectjweaver.jar),"
            + " or let Spring"
            + " call it through the proxy of a bean (lock-spring), for which this check is not meant; an"
            + " annotation of your"
            + " own may carry @Locked over two steps at most";

    private final Set<String> unwoven = new LinkedHashSet<>();
    private final Set<String> misplaced = new LinkedHashSet<>();
    private final Set<String> inMonitor = new LinkedHashSet<>();
    private final List<LockUsageException> wrong = new ArrayList<>();
    private final Set<Method> seen = new LinkedHashSet<>();

    /**
     * Looks at a class.
     *
     * @param asked whether the class itself was named: then what it inherits without a body counts too
     */
    void add(Class<?> type, boolean asked) {
        for (Class<?> owner : Placement.typeAndAbove(type)) {
            for (Method method : owner.getDeclaredMethods()) {
                if (Placement.isLocked(method)) {
                    add(type, method, asked);
                }
            }
        }
    }

    private void add(Class<?> type, Method method, boolean asked) {
        boolean body = !Modifier.isAbstract(method.getModifiers());
        if (seen.add(method)) {
            wrong.addAll(LockedMethodCheck.certain(method));
        }
        if (body && !WovenMarks.on(method)) {
            unwoven.add(Placement.describe(method));
        } else if (Placement.isInMonitor(method)) {
            inMonitor.add(Placement.describe(method));
        } else if (asked || !Modifier.isAbstract(type.getModifiers())) {
            if (body ? Placement.isOverriddenUnlocked(type, method) : !Placement.isLockedIn(type, method)) {
                misplaced.add(Placement.describe(method) + (body ? " in " + type.getName() : ""));
            }
        }
    }

    /** All there is, what leaves methods unlocked first. */
    List<LockUsageException> problems() {
        List<LockUsageException> all = new ArrayList<>();
        if (!misplaced.isEmpty()) {
            all.add(Placement.misplaced(misplaced));
        }
        if (!inMonitor.isEmpty()) {
            all.add(Placement.inMonitor(inMonitor));
        }
        if (!unwoven.isEmpty()) {
            all.add(new LockUsageException(
                    "These @Locked methods were not woven and would run without their lock: "
                            + String.join(", ", unwoven),
                    REMEDY));
        }
        all.addAll(wrong);
        return all;
    }

    /** The methods that would run without their lock. */
    Set<String> unwoven() {
        return unwoven;
    }

    /** How many locked methods there are. */
    int size() {
        return seen.size();
    }

    /** Throws the first problem, with the others in it. */
    void require() {
        List<LockUsageException> all = problems();
        if (!all.isEmpty()) {
            LockUsageException first = all.get(0);
            all.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }
}
