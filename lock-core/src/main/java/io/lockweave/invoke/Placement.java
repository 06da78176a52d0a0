package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.KotlinCode;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Where {@code @Locked} stands, and whether a weaver sees it there: on methods with a body, and not through overriding.
 */
public final class Placement {

    /**
     * Methods without a body, by the class of the object that was called, whose implementation is known to be locked.
     */
    private static final ClassValue<Set<Method>> KNOWN = new ClassValue<>() {
        @Override
        protected Set<Method> computeValue(Class<?> type) {
            return ConcurrentHashMap.newKeySet();
        }
    };

    private Placement() {}

    /** Whether the method itself carries {@code @Locked}, directly or through an annotation. */
    public static boolean isLocked(Method method) {
        return !AnnotatedElementUtils.getMergedRepeatableAnnotations(method, Locked.class, Locked.List.class)
                        .isEmpty()
                && (!method.isSynthetic() || KotlinCode.isReified(method));
    }

    /** The method as people know it: {@code com.acme.Points.add(User, int)}. */
    public static String describe(Method method) {
        return LockedMethodReader.describe(method);
    }

    /**
     * Whether the method by which a type implements this one carries the annotation too. Generated subclasses are not
     * asked: what they lead to is.
     */
    public static boolean isLockedIn(Class<?> type, Method declared) {
        Method implementation = implementation(type, declared);
        return implementation != null && isLocked(implementation);
    }

    /**
     * Fails if an object's class implements a locked method without carrying the annotation where a weaver sees it.
     *
     * @throws LockUsageException if it does
     */
    public static void require(Object target, Method declared) {
        Class<?> type = target.getClass();
        Set<Method> known = KNOWN.get(type);
        if (known.contains(declared)) {
            return;
        }
        if (!isGenerated(type) && !isLockedIn(type, declared)) {
            throw misplaced(Set.of(describe(declared) + " in " + type.getName()));
        }
        known.add(declared);
    }

    /** The error for annotations that are not on the method that runs. */
    public static LockUsageException misplaced(Collection<String> methods) {
        return new LockUsageException(
                "@Locked on a method without a body, or on one that is overridden without it, is not seen by a weaver,"
                        + " so what implements it would run without its lock: "
                        + String.join(", ", methods),
                "put @Locked on the method that implements it");
    }

    /** Whether a type overrides a method that has a body by one that does not carry the annotation. */
    public static boolean isOverriddenUnlocked(Class<?> type, Method locked) {
        int modifiers = locked.getModifiers();
        return !Modifier.isStatic(modifiers) && !Modifier.isPrivate(modifiers) && !isLockedIn(type, locked);
    }

    /** Whether a weaver would put the lock inside of the method's monitor. */
    public static boolean isInMonitor(Method method) {
        return Modifier.isSynchronized(method.getModifiers());
    }

    /** The error for woven methods whose monitor would be held while they wait for their lock. */
    public static LockUsageException inMonitor(Collection<String> methods) {
        return new LockUsageException(
                "@Locked on a woven synchronized method waits for its lock inside of the monitor, so that all"
                        + " synchronized methods of the object wait too and a deadlock with them would not be seen: "
                        + String.join(", ", methods),
                "remove synchronized, since the lock keeps other threads out already, or put synchronized (this) { ..."
                        + " } into the method");
    }

    /** A type and all classes and interfaces it extends, {@link Object} aside. */
    public static Set<Class<?>> typeAndAbove(Class<?> type) {
        Set<Class<?>> all = new LinkedHashSet<>();
        collect(type, all);
        return all;
    }

    private static void collect(@Nullable Class<?> type, Set<Class<?>> all) {
        if (type != null && type != Object.class && all.add(type)) {
            collect(type.getSuperclass(), all);
            for (Class<?> above : type.getInterfaces()) {
                collect(above, all);
            }
        }
    }

    /**
     * People and compilers write $$ into names too: then there is a class file. Spring writes files of proxies ahead of
     * time.
     */
    private static boolean isGenerated(Class<?> type) {
        String name = type.getName();
        if (Proxy.isProxyClass(type) || type.isHidden()) {
            return Proxy.isProxyClass(type);
        }
        return name.contains("$MockitoMock$")
                || name.contains("$$SpringCGLIB$$")
                || (name.contains("$$")
                        && type.getResource(name.substring(name.lastIndexOf('.') + 1) + ".class") == null);
    }

    private static @Nullable Method implementation(Class<?> type, Method declared) {
        for (Class<?> owner : typeAndAbove(type)) {
            for (Method candidate : owner.getDeclaredMethods()) {
                if (candidate.getName().equals(declared.getName())
                        && !Modifier.isAbstract(candidate.getModifiers())
                        && Arrays.equals(candidate.getParameterTypes(), declared.getParameterTypes())) {
                    return BridgeMethodResolver.findBridgedMethod(candidate);
                }
            }
        }
        return null;
    }
}
