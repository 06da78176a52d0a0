package io.lockweave.check;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the method that runs instead of a locked one whose lock could not be had. */
public final class FallbackCheck {

    /** What a fallback may take as its last parameter. */
    private static final Set<String> FAILURES = Set.of(
            "java.lang.Throwable",
            "java.lang.Exception",
            "java.lang.RuntimeException",
            "io.lockweave.LockException",
            "io.lockweave.LockUnavailableException");

    private FallbackCheck() {}

    /** Whether there is to be one. */
    public static boolean wanted(MethodModel locked, Locked.OnUnavailable onUnavailable, String fallback) {
        if (fallback.contains("${")) {
            throw new LockUsageException(
                    "fallback = \"" + fallback + "\" of " + locked.description()
                            + " has a placeholder, and names of methods are read as they stand",
                    "name one method, and let that ask for the setting");
        }
        boolean wanted = onUnavailable == Locked.OnUnavailable.FALLBACK;
        if (wanted == fallback.isEmpty()) {
            String description = locked.description();
            throw wanted
                    ? new LockUsageException(
                            "onUnavailable = FALLBACK of " + description + " names no method",
                            "set fallback to the name of a method with the same parameters")
                    : new LockUsageException(
                            "fallback = \"" + fallback + "\" of " + description + " would never run: onUnavailable = "
                                    + onUnavailable,
                            "set onUnavailable = FALLBACK, or remove fallback");
        }
        return wanted;
    }

    /**
     * The fallback in the class of the locked method, or else in the nearest class above that has one; private and
     * static ones too.
     */
    public static MethodModel find(String name, MethodModel locked) {
        String place = "fallback = \"" + name + "\" of " + locked.description();
        for (TypeModel type = locked.declaringType(); type != null; type = type.superclass()) {
            List<? extends MethodModel> candidates = type.declaredMethods().stream()
                    .filter(one -> one.name().equals(name) && !one.isSynthetic() && !isSame(one, locked))
                    .filter(one -> takesSame(one, locked) || takesFailure(one, locked))
                    .toList();
            if (candidates.size() > 1) {
                throw new LockUsageException(
                        place + " fits "
                                + candidates.stream()
                                        .map(MethodModel::description)
                                        .sorted()
                                        .collect(Collectors.joining(" and ")),
                        "give all but one of them another name");
            }
            if (!candidates.isEmpty()) {
                check(place, candidates.get(0), locked);
                return candidates.get(0);
            }
        }
        int count = SuspendingFunction.parameters(locked);
        String wanted = locked.parameterTypes().subList(0, count).stream()
                .map(TypeModel::simpleName)
                .collect(Collectors.joining(", "));
        TypeModel result = SuspendingFunction.result(locked);
        throw new LockUsageException(
                place + ": " + locked.declaringType().name() + " has no such method for these parameters",
                "write " + (result == null ? locked.result() : result).simpleName() + " " + name + "(" + wanted
                        + "), optionally with a LockUnavailableException as the last parameter");
    }

    private static boolean isSame(MethodModel one, MethodModel other) {
        return one.name().equals(other.name())
                && one.declaringType().name().equals(other.declaringType().name())
                && all(one).equals(all(other));
    }

    private static boolean takesSame(MethodModel candidate, MethodModel locked) {
        return erasures(candidate).equals(erasures(locked)) && maySuspend(candidate, locked);
    }

    /** Nobody could wait for a fallback that suspends where the method itself does not. */
    private static boolean maySuspend(MethodModel candidate, MethodModel locked) {
        return SuspendingFunction.is(locked) || !SuspendingFunction.is(candidate);
    }

    /** Whether it has the same parameters, and the exception or what the exception is as the last one. */
    public static boolean takesFailure(MethodModel candidate, MethodModel locked) {
        List<String> all = erasures(candidate);
        int same = SuspendingFunction.parameters(locked);
        return maySuspend(candidate, locked)
                && all.size() == same + 1
                && FAILURES.contains(all.get(same))
                && all.subList(0, same).equals(erasures(locked));
    }

    /** Without the continuation of a suspending function. */
    private static List<String> erasures(MethodModel method) {
        return all(method).subList(0, SuspendingFunction.parameters(method));
    }

    private static List<String> all(MethodModel method) {
        return method.parameterTypes().stream().map(TypeModel::name).toList();
    }

    private static void check(String place, MethodModel found, MethodModel locked) {
        TypeModel wanted = locked.result();
        if (!SuspendingFunction.is(locked) && !wanted.name().equals("void") && !fits(found.result(), wanted)) {
            throw new LockUsageException(place + " returns " + found.result().name(), "let it return " + wanted.name());
        }
        if (locked.isStatic() && !found.isStatic()) {
            throw new LockUsageException(place + " is not static, but the locked method is", "make it static");
        }
    }

    private static boolean fits(TypeModel given, TypeModel wanted) {
        return (given.element() != null && wanted.element() != null)
                ? fits(given.element(), wanted.element())
                : given.is(wanted.name());
    }
}
