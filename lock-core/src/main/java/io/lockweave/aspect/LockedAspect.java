package io.lockweave.aspect;

import io.lockweave.invoke.Applications;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.util.List;
import org.aspectj.lang.JoinPoint;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.aspectj.lang.annotation.Before;
import org.aspectj.lang.annotation.DeclarePrecedence;
import org.aspectj.lang.reflect.MethodSignature;
import org.jspecify.annotations.Nullable;

/**
 * Runs woven methods under their locks, outside of transaction aspects. For AspectJ weavers alone; proxies call the
 * invoker themselves.
 */
@Aspect
@DeclarePrecedence("io.lockweave.aspect.LockedAspect, *..*Transaction*")
public final class LockedAspect {

    /** {@code @Locked}, repeated or not, on the method itself, on its annotation, or on an annotation of that. */
    private static final String ANNOTATION = "@(io.lockweave.Locked || io.lockweave.Locked.List"
            + " || (@(io.lockweave.Locked || io.lockweave.Locked.List"
            + " || (@(io.lockweave.Locked || io.lockweave.Locked.List) *)) *))";

    /**
     * Where Kotlin puts the body of a suspending function that can be overridden, with the function's annotations. The
     * function itself calls it; what else calls it lets a call go on.
     */
    private static final String KOTLIN_BODY = "execution(static * *$suspendImpl(..))";

    /** The execution of a method with a body. */
    @Around(value = "execution(" + ANNOTATION + " * *(..)) && !" + KOTLIN_BODY, argNames = "join")
    public @Nullable Object runLocked(ProceedingJoinPoint join) throws Throwable {
        Method method = ((MethodSignature) join.getSignature()).getMethod();
        if (Placement.isInMonitor(method)) {
            throw Placement.inMonitor(List.of(Placement.describe(method)));
        }
        Object target = join.getTarget();
        return Applications.invoker(method.getDeclaringClass(), target)
                .invoke(method, target, join.getArgs(), new WovenBody(join));
    }

    /**
     * A call of a method without a body or through an interface: no weaver sees the annotation there when the method
     * that implements or overrides it runs.
     */
    @Before(
            value = "(call(" + ANNOTATION + " abstract * *(..)) || call(" + ANNOTATION
                    + " * (is(InterfaceType)).*(..))) && target(target)",
            argNames = "join,target")
    public void refuseUnlocked(JoinPoint join, Object target) {
        Placement.require(target, ((MethodSignature) join.getSignature()).getMethod());
    }
}
