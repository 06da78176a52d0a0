package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.check.FallbackCheck;
import io.lockweave.check.KotlinCode;
import io.lockweave.check.MethodModel;
import io.lockweave.check.ReflectedMethod;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
        return ReflectedMethod.of(method).description();
    }

    LockedMethod read(Method method) {
        String description = describe(method);
        Set<Locked> annotations = annotations(method);
        if (annotations.isEmpty()) {
            throw AnnotationCheck.goneAtRunTime(description);
        }
        ComposedAnnotations.check(method, Locked.class);
        KotlinCode.refuseInline(method, description);
        MethodScope scope = new MethodScope(method);
        List<KeyedLock> locks = new ArrayList<>();
        List<LockUse> uses = new ArrayList<>();
        LockPolicy policy = null;
        for (Locked locked : annotations) {
            String name = name(scope.model(), locked, environment.placeholders());
            NameSettings settings = environment.settings(name);
            LockPolicy own = LockPolicy.of(description, locked, settings, environment.placeholders());
            KeyedLock lock = lock(name, locked, scope);
            if (settings.enabled()) {
                locks.add(lock);
            }
            uses.add(new LockUse(description, name, locked.key(), own.options().permits()));
            policy = policy == null ? own : policy.with(description, own);
        }
        if (policy == null) {
            throw new IllegalStateException("there is an annotation");
        }
        MethodResult result = MethodResult.of(scope, environment.resultTypes());
        result.check(policy);
        Guard guard = new Guard(description, policy.onLost(), environment.transactions());
        return new LockedMethod(description, scope, locks, policy, result, guard, fallback(policy, scope), uses);
    }

    /** Those on the method itself; if it has none, those of the methods it overrides, which only proxies ask for. */
    static Set<Locked> annotations(Method method) {
        Set<Locked> own = AnnotatedElementUtils.getMergedRepeatableAnnotations(method, Locked.class, Locked.List.class);
        return own.isEmpty()
                ? AnnotatedElementUtils.findMergedRepeatableAnnotations(method, Locked.class, Locked.List.class)
                : own;
    }

    /** The name of the locks; the declaring class if none is given. */
    static String name(MethodModel method, Locked locked, Placeholders placeholders) {
        String place = "name of " + method.description();
        String name = placeholders.resolve(place, locked.name());
        if (name.isEmpty() && locked.name().isEmpty()) {
            return method.declaringType().name();
        }
        if (name.isBlank()) {
            throw new LockUsageException(place + " is blank", "give it a name such as \"user\", or leave it out");
        }
        return name;
    }

    private static KeyedLock lock(String name, Locked locked, MethodScope scope) {
        String key = KeyExpression.place("key", locked.key(), scope.model());
        String condition = KeyExpression.place("condition", locked.condition(), scope.model());
        return new KeyedLock(
                name,
                LockKey.of(name),
                locked.key().isEmpty() ? null : MethodExpression.key(key, locked.key(), scope, name),
                locked.condition().isEmpty() ? null : MethodExpression.condition(condition, locked.condition(), scope));
    }

    private static @Nullable Fallback fallback(LockPolicy policy, MethodScope scope) {
        return FallbackCheck.wanted(scope.model(), policy.onUnavailable(), policy.fallback())
                ? Fallback.of(policy.fallback(), scope.model())
                : null;
    }
}
