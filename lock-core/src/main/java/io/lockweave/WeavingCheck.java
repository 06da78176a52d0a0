package io.lockweave;

import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes sure that {@link Locked} methods are woven, in a test or when a program starts: an annotation that no weaver
 * has seen would do nothing. Not for classes that a container's proxies lock.
 */
public final class WeavingCheck {

    private static final String REMEDY = "weave the class at compile time (ajc, for example aspectj-maven-plugin with"
            + " io.lockweave:lock-core as aspectLibrary) or at load time (java -javaagent:aspectjweaver.jar), or let Spring"
            + " call it through the proxy of a bean (lock-spring), for which this check is not meant; an annotation of your"
            + " own may carry @Locked over two steps at most";

    private WeavingCheck() {}

    /**
     * Fails if a method of these classes, declared there or inherited, is to be locked and is not: because it was not
     * woven, because the annotation is on a method that the class implements or overrides without it, or because the
     * method is {@code synchronized} as well. Loads the classes.
     *
     * @throws LockUsageException naming every such method, and what to do
     */
    public static void require(Class<?>... classes) {
        check(List.of(classes), true);
    }

    /**
     * As {@link #require} for all classes in the folder or jar that this one was loaded from, for example all of a
     * program. What has no body counts where it is implemented.
     *
     * @throws LockUsageException also if the place cannot be read or a class in it cannot be loaded
     */
    public static void requireAllBeside(Class<?> one) {
        check(ClassesBeside.of(one), false);
    }

    private static void check(List<? extends Class<?>> classes, boolean asked) {
        Set<String> unwoven = new LinkedHashSet<>();
        Set<String> misplaced = new LinkedHashSet<>();
        Set<String> inMonitor = new LinkedHashSet<>();
        for (Class<?> type : classes) {
            for (Class<?> owner : Placement.typeAndAbove(type)) {
                for (Method method : owner.getDeclaredMethods()) {
                    if (!Placement.isLocked(method)) {
                        continue;
                    }
                    boolean body = !Modifier.isAbstract(method.getModifiers());
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
            }
        }
        if (!misplaced.isEmpty()) {
            throw Placement.misplaced(misplaced);
        }
        if (!inMonitor.isEmpty()) {
            throw Placement.inMonitor(inMonitor);
        }
        if (!unwoven.isEmpty()) {
            throw new LockUsageException(
                    "These @Locked methods were not woven and would run without their lock: "
                            + String.join(", ", unwoven),
                    REMEDY);
        }
    }
}
