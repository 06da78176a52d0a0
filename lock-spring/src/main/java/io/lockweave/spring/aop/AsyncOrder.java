package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;

/**
 * A lock stands inside of {@code @Async}: outside, it would come free when the work has been handed over, before it is
 * done. A result that the lock can wait for may be on either side.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class AsyncOrder implements PlacementRule {

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
            return;
        }
        boolean locked = false;
        for (Object proxy = bean; proxy instanceof Advised advised; proxy = AopProxyUtils.getSingletonTarget(proxy)) {
            for (Advisor advisor : advised.getAdvisors()) {
                if (locked && isAsync(advisor, method, type)) {
                    throw new LockUsageException(
                            "@Locked on " + Placement.describe(method)
                                    + " stands outside of @Async, so its lock would come free before the work is done",
                            "leave the order of @EnableAsync as it is by default, or return a CompletableFuture");
                }
                locked |= advisor instanceof LockedAdvisor;
            }
        }
    }

    private static boolean isAsync(Advisor advisor, Method method, Class<?> type) {
        return advisor instanceof PointcutAdvisor pointed
                && pointed.getAdvice() instanceof AsyncExecutionInterceptor
                && pointed.getPointcut().getMethodMatcher().matches(method, type);
    }
}
