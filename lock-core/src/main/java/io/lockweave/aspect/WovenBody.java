package io.lockweave.aspect;

import io.lockweave.spi.container.LockedBody;
import org.aspectj.lang.ProceedingJoinPoint;
import org.jspecify.annotations.Nullable;

/** The body of a woven method. */
record WovenBody(ProceedingJoinPoint join) implements LockedBody {

    @Override
    public @Nullable Object proceed() throws Throwable {
        return join.proceed();
    }

    @Override
    public @Nullable Object proceed(@Nullable Object[] args) throws Throwable {
        return join.proceed(args);
    }
}
