package io.lockweave.invoke;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
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

    /**
     * Finds it in the class of the locked method, or else in the nearest class above that has one; private and static
     * ones too.
     */
    static Fallback of(String name, Method locked, String description) {
        for (Class<?> type = locked.getDeclaringClass(); type != null; type = type.getSuperclass()) {
            List<Method> candidates = Stream.of(type.getDeclaredMethods())
                    .filter(one -> one.getName().equals(name) && !one.isSynthetic() && !one.equals(locked))
                    .filter(one -> takes(one, locked) || takesFailure(one, locked))
                    .toList();
            if (candidates.size() > 1) {
                throw new LockUsageException(
                        "fallback = \"" + name + "\" of " + description + " fits "
                                + candidates.stream()
                                        .map(LockedMethodReader::describe)
                                        .sorted()
                                        .collect(Collectors.joining(" and ")),
                        "give all but one of them another name");
            }
            if (!candidates.isEmpty()) {
                return checked(candidates.get(0), takesFailure(candidates.get(0), locked), locked, description);
            }
        }
        String wanted =
                Stream.of(locked.getParameterTypes()).map(Class::getSimpleName).collect(Collectors.joining(", "));
        throw new LockUsageException(
                "fallback = \"" + name + "\" of " + description + ": "
                        + locked.getDeclaringClass().getName() + " has no such method for these parameters",
                "write " + locked.getReturnType().getSimpleName() + " " + name + "(" + wanted + "), optionally with a"
                        + " LockUnavailableException as the last parameter");
    }

    private static boolean takes(Method candidate, Method locked) {
        return Arrays.equals(candidate.getParameterTypes(), locked.getParameterTypes());
    }

    /** Whether it has the same parameters, and the exception or what the exception is as the last one. */
    private static boolean takesFailure(Method candidate, Method locked) {
        Class<?>[] all = candidate.getParameterTypes();
        int same = locked.getParameterCount();
        return all.length == same + 1
                && Throwable.class.isAssignableFrom(all[same])
                && all[same].isAssignableFrom(LockUnavailableException.class)
                && Arrays.equals(Arrays.copyOf(all, same), locked.getParameterTypes());
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
