package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.config.NameSettings;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Reads what {@code @Locked} says on a method, also through annotations that carry it, and checks all of it. */
final class LockedMethodReader {

    private final LockEnvironment environment;

    LockedMethodReader(LockEnvironment environment) {
        this.environment = environment;
    }

    /** The method as people know it: {@code com.acme.Points.add(User, int)}. */
    static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName()
                + Stream.of(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    LockedMethod read(Method method) {
        String description = describe(method);
        Set<Locked> annotations = annotations(method);
        if (annotations.isEmpty()) {
            throw new LockUsageException(
                    description + " is to run locked, but has no @Locked at run time",
                    "put @Retention(RUNTIME) on the annotation that carries @Locked");
        }
        ComposedAnnotations.check(method, Locked.class);
        MethodScope scope = new MethodScope(method);
        List<KeyedLock> locks = new ArrayList<>();
        LockPolicy policy = null;
        for (Locked locked : annotations) {
            String name = name(method, description, locked);
            NameSettings settings = environment.settings(name);
            LockPolicy own = LockPolicy.of(description, locked, settings, environment.placeholders());
            KeyedLock lock = lock(name, description, locked, scope);
            if (settings.enabled()) {
                locks.add(lock);
            }
            policy = policy == null ? own : policy.with(description, own);
        }
        if (policy == null) {
            throw new IllegalStateException("there is an annotation");
        }
        MethodResult result = MethodResult.of(method, description, environment.resultTypes());
        result.check(policy);
        return new LockedMethod(description, scope, locks, policy, result, fallback(policy, method, description));
    }

    /** Those on the method itself; if it has none, those of the methods it overrides, which only proxies ask for. */
    private static Set<Locked> annotations(Method method) {
        Set<Locked> own = AnnotatedElementUtils.getMergedRepeatableAnnotations(method, Locked.class, Locked.List.class);
        return own.isEmpty()
                ? AnnotatedElementUtils.findMergedRepeatableAnnotations(method, Locked.class, Locked.List.class)
                : own;
    }

    private String name(Method method, String description, Locked locked) {
        String place = "name of " + description;
        String name = environment.placeholders().resolve(place, locked.name());
        if (name.isEmpty() && locked.name().isEmpty()) {
            return method.getDeclaringClass().getName();
        }
        if (name.isBlank()) {
            throw new LockUsageException(place + " is blank", "give it a name such as \"user\", or leave it out");
        }
        return name;
    }

    private static KeyedLock lock(String name, String description, Locked locked, MethodScope scope) {
        return new KeyedLock(
                name,
                LockKey.of(name),
                expression("key", locked.key(), description, scope),
                expression("condition", locked.condition(), description, scope));
    }

    private static @Nullable MethodExpression expression(
            String what, String text, String description, MethodScope scope) {
        if (text.isEmpty()) {
            return null;
        }
        String place = what + " = \"" + text + "\" of " + description;
        if (text.isBlank()) {
            throw new LockUsageException(place + " is blank", "write an expression such as #user.id, or leave it out");
        }
        return MethodExpression.parse(place, text, scope);
    }

    private static @Nullable Fallback fallback(LockPolicy policy, Method method, String description) {
        if (policy.fallback().contains("${")) {
            throw new LockUsageException(
                    "fallback = \"" + policy.fallback() + "\" of " + description
                            + " has a placeholder, and names of methods are read as they stand",
                    "name one method, and let that ask for the setting");
        }
        boolean wanted = policy.onUnavailable() == Locked.OnUnavailable.FALLBACK;
        if (wanted == policy.fallback().isEmpty()) {
            throw wanted
                    ? new LockUsageException(
                            "onUnavailable = FALLBACK of " + description + " names no method",
                            "set fallback to the name of a method with the same parameters")
                    : new LockUsageException(
                            "fallback = \"" + policy.fallback() + "\" of " + description
                                    + " would never run: onUnavailable = " + policy.onUnavailable(),
                            "set onUnavailable = FALLBACK, or remove fallback");
        }
        return wanted ? Fallback.of(policy.fallback(), method, description) : null;
    }
}
