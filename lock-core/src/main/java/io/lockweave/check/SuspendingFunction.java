package io.lockweave.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A suspending function of Kotlin, as its compiler leaves it: the last parameter is what goes on when it is done. */
public final class SuspendingFunction {

    private static final String CONTINUATION = "kotlin.coroutines.Continuation";

    private SuspendingFunction() {}

    /** Whether the method is one. */
    public static boolean is(MethodModel method) {
        return continuation(method) != null;
    }

    /** What it returns when it is done; null if the method is none, or if its class does not say. */
    public static @Nullable TypeModel result(MethodModel method) {
        TypeModel continuation = continuation(method);
        List<TypeModel> arguments = continuation == null ? List.of() : continuation.arguments();
        return arguments.size() == 1 ? arguments.get(0) : null;
    }

    /** How many parameters it has in its source. */
    public static int parameters(MethodModel method) {
        return method.parameterTypes().size() - (is(method) ? 1 : 0);
    }

    private static @Nullable TypeModel continuation(MethodModel method) {
        List<? extends TypeModel> all = method.parameterTypes();
        TypeModel last = all.isEmpty() ? null : all.get(all.size() - 1);
        return last != null && last.name().equals(CONTINUATION) ? last : null;
    }
}
