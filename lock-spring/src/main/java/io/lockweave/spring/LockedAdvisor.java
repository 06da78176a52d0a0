package io.lockweave.spring;

import org.aopalliance.aop.Advice;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;

/** Puts the lock around the {@code @Locked} methods of beans. */
final class LockedAdvisor extends AbstractPointcutAdvisor {

    private static final long serialVersionUID = 1L;

    private final transient LockedInterceptor interceptor;
    private final transient LockedPointcut pointcut = new LockedPointcut();

    LockedAdvisor(LockedInterceptor interceptor, int order) {
        this.interceptor = interceptor;
        setOrder(order);
    }

    @Override
    public Advice getAdvice() {
        return interceptor;
    }

    @Override
    public Pointcut getPointcut() {
        return pointcut;
    }
}
