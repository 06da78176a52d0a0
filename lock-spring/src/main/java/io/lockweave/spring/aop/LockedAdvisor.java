package io.lockweave.spring.aop;

import org.aopalliance.aop.Advice;
import org.springframework.aop.Pointcut;
import org.springframework.aop.support.AbstractPointcutAdvisor;
import org.springframework.core.Ordered;

/**
 * Puts the lock around the {@code @Locked} methods of beans.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class LockedAdvisor extends AbstractPointcutAdvisor {

    private static final long serialVersionUID = 1L;

    /** Outside of transactions, caches and all else that has no order of its own. */
    public static final int DEFAULT_ORDER = Ordered.LOWEST_PRECEDENCE - 1_000;

    private final transient LockedInterceptor interceptor;
    private final transient LockedPointcut pointcut = new LockedPointcut();

    public LockedAdvisor(LockedInterceptor interceptor, int order) {
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
