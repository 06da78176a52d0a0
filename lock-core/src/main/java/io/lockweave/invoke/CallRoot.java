package io.lockweave.invoke;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What {@code #root} is in an expression. Public so that expressions can be compiled against it. */
public final class CallRoot {

    private final Method method;
    private final @Nullable Object target;
    private final @Nullable Object[] args;

    CallRoot(Method method, @Nullable Object target, @Nullable Object[] args) {
        this.method = method;
        this.target = target;
        this.args = args;
    }

    /** The locked method. */
    public Method getMethod() {
        return method;
    }

    /** Its name. */
    public String getMethodName() {
        return method.getName();
    }

    /** The object it is called on; null for a static method. */
    public @Nullable Object getTarget() {
        return target;
    }

    /** The class of that object; the declaring class for a static method. */
    public Class<?> getTargetClass() {
        return target == null ? method.getDeclaringClass() : target.getClass();
    }

    /** The arguments. */
    public @Nullable Object[] getArgs() {
        return args;
    }
}
