package io.lockweave.benchmarks.local;

import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Aspect;
import org.jspecify.annotations.Nullable;

/** Advice that reads the arguments and goes on, as any advice around a method has to. */
@Aspect
public final class AroundAspect {

    /** Goes on. */
    @org.aspectj.lang.annotation.Around(
            value = "execution(@io.lockweave.benchmarks.local.Around * *(..))",
            argNames = "join")
    public @Nullable Object goOn(ProceedingJoinPoint join) throws Throwable {
        return call(join.getArgs(), join::proceed);
    }

    private static @Nullable Object call(Object[] args, Body body) throws Throwable {
        if (args.length == 0) {
            throw new IllegalStateException("no arguments");
        }
        return body.proceed();
    }

    interface Body {
        @Nullable
        Object proceed() throws Throwable;
    }
}
