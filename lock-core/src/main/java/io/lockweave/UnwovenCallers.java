package io.lockweave;

import io.lockweave.invoke.Placement;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;

/**
 * Warns, once for each class, of one that uses {@link Lockweave} although no weaver has seen its own locked methods:
 * the weaver failed, or nobody asked for it. Says nothing where lock-spring may lock them by proxies.
 */
final class UnwovenCallers {

    private static final Logger LOG = System.getLogger("io.lockweave");
    private static final String PROXIES = "io/lockweave/spring/EnableLocking.class";

    private static final ClassValue<Boolean> LOOKED_AT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            List<String> unwoven = unwoven(type);
            if (!unwoven.isEmpty() && !hasProxies(type)) {
                LOG.log(
                        Level.WARNING,
                        "These @Locked methods were not woven and run without their lock: "
                                + String.join(", ", unwoven)
                                + ". To fix it: weave the class at compile time or at load time (on the"
                                + " module path with"
                                + " --add-modules java.se,jdk.unsupported), and let WeavingCheck make sure of it.");
            }
            return true;
        }
    };

    private UnwovenCallers() {}

    static void look(Class<?> caller) {
        LOOKED_AT.get(caller);
    }

    private static List<String> unwoven(Class<?> type) {
        try {
            return Stream.of(type.getDeclaredMethods())
                    .filter(method -> !Modifier.isAbstract(method.getModifiers())
                            && Placement.isLocked(method)
                            && !WovenMarks.on(method))
                    .map((Method method) -> Placement.describe(method))
                    .toList();
        } catch (LinkageError e) {
            return List.of(); // a class whose methods cannot be listed has other worries
        }
    }

    private static boolean hasProxies(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader != null && loader.getResource(PROXIES) != null;
    }
}
