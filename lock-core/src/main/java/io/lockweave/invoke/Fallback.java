package io.lockweave.invoke;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The method that runs instead of a locked one whose lock could not be had. */
final class Fallback {

    private final Method method;
    private final boolean takesFailure;

    private Fallback(Method method, boolean takesFailure) {
        this.method = method;
        this.takesFailure = takesFailure;
    }

    /** Finds it in the class of the locked method or the classes above; private and static ones too. */
    static Fallback of(String name, Method locked, String description) {
        Class<?>[] same = locked.getParameterTypes();
        Class<?>[] longer = Arrays.copyOf(same, same.length + 1);
        for (Class<?> type = locked.getDeclaringClass(); type != null; type = type.getSuperclass()) {
            for (Method candidate : type.getDeclaredMethods()) {
                Class<?>[] parameters = candidate.getParameterTypes();
                if (candidate.isSynthetic() || !candidate.getName().equals(name)) {
                    continue;
                }
                if (parameters.length == longer.length
                        && parameters[same.length].isAssignableFrom(LockUnavailableException.class)) {
                    longer[same.length] = parameters[same.length];
                }
                boolean takesFailure = longer[same.length] != null && Arrays.equals(parameters, longer);
                if ((takesFailure || Arrays.equals(parameters, same)) && !candidate.equals(locked)) {
                    return checked(candidate, takesFailure, locked, description);
                }
            }
        }
        String wanted = Stream.of(same).map(Class::getSimpleName).collect(Collectors.joining(", "));
        throw new LockUsageException(
                "fallback = \"" + name + "\" of " + description + ": "
                        + locked.getDeclaringClass().getName() + " has no such method for these parameters",
                "write " + locked.getReturnType().getSimpleName() + " " + name + "(" + wanted + "), optionally with a"
                        + " LockUnavailableException as the last parameter");
    }

    private static Fallback checked(Method found, boolean takesFailure, Method locked, String description) {
        String problem = "fallback = \"" + found.getName() + "\" of " + description;
        Class<?> wanted = locked.getReturnType();
        if (wanted != void.class && !wanted.isAssignableFrom(found.getReturnType())) {
            throw new LockUsageException(
                    problem + " returns " + found.getReturnType().getName(), "let it return " + wanted.getName());
        }
        if (Modifier.isStatic(locked.getModifiers()) && !Modifier.isStatic(found.getModifiers())) {
            throw new LockUsageException(problem + " is not static, but the locked method is", "make it static");
        }
        try {
            found.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new LockUsageException(
                    problem + " is not accessible",
                    "open its package to Lockweave in module-info, or make it public",
                    e);
        }
        return new Fallback(found, takesFailure);
    }

    /** Runs it. Its own exception comes out as it is. */
    @Nullable
    Object run(@Nullable Object target, @Nullable Object[] args, LockUnavailableException failure) throws Throwable {
        @Nullable Object[] all = args;
        if (takesFailure) {
            all = Arrays.copyOf(args, args.length + 1);
            all[args.length] = failure;
        }
        try {
            return method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target, all);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
