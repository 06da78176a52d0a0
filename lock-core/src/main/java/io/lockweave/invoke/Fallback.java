package io.lockweave.invoke;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.check.FallbackCheck;
import io.lockweave.check.MethodModel;
import io.lockweave.check.ReflectedMethod;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The method that runs instead of a locked one whose lock could not be had. */
final class Fallback {

    private final Method method;
    private final boolean takesFailure;

    private Fallback(Method method, boolean takesFailure) {
        this.method = method;
        this.takesFailure = takesFailure;
    }

    /** The one that fits. */
    static Fallback of(String name, MethodModel locked) {
        MethodModel found = FallbackCheck.find(name, locked);
        Method method = ((ReflectedMethod) found).method();
        try {
            method.setAccessible(true);
        } catch (InaccessibleObjectException e) {
            throw new LockUsageException(
                    "fallback = \"" + name + "\" of " + locked.description() + " is not accessible",
                    "open its package to Lockweave in module-info, or make it public",
                    e);
        }
        return new Fallback(method, FallbackCheck.takesFailure(found, locked));
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
