package io.lockweave.aspect;

import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;

/** Stands for a transaction manager's aspect, under a name that comes first in the alphabet. */
@Aspect
public class AFakeTransactionAspect {

    static Runnable begin = () -> {};
    static Runnable commit = () -> {};

    @Around(value = "execution(@io.lockweave.aspect.FakeTransactional * *(..))", argNames = "join")
    public Object inTransaction(ProceedingJoinPoint join) throws Throwable {
        begin.run();
        Object result = join.proceed();
        commit.run();
        return result;
    }
}
