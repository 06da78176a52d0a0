package io.lockweave.invoke;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.check.FallbackCheck;
import io.lockweave.check.MethodModel;
import io.lockweave.check.ReflectedMethod;
import io.lockweave.check.SuspendingFunction;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The method that runs instead of a locked one whose lock could not be had. */
final class Fallback {

    private final Method method;
    private final boolean takesFailure;

    /** How many arguments of the locked method it takes, without the continuation of a suspending one. */
    private final int same;

    private final boolean suspending;

    private Fallback(Method method, boolean takesFailure, int same, boolean suspending) {
        this.method = method;
        this.takesFailure = takesFailure;
        this.same = same;
        this.suspending = suspending;
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
        return new Fallback(
                method,
                FallbackCheck.takesFailure(found, locked),
                SuspendingFunction.parameters(locked),
                SuspendingFunction.is(found));
    }

    /** Runs it. Its own exception comes out as it is. */
    @Nullable
    Object run(@Nullable Object target, @Nullable Object[] args, LockUnavailableException failure) throws Throwable {
        List<@Nullable Object> all = new ArrayList<>(Arrays.asList(args).subList(0, same));
        if (takesFailure) {
            all.add(failure);
        }
        if (suspending) {
            all.add(args[args.length - 1]);
        }
        try {
            return method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target, all.toArray());
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
