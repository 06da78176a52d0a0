package io.lockweave.spring;

import io.lockweave.LockUsageException;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * A lock stands outside of its method's transaction. The other way round, the next holder would enter between the release and
 * the commit, and read what the commit is about to change.
 */
final class TransactionOrder implements PlacementRule {

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        if (!(bean instanceof Advised advised)) {
            return;
        }
        boolean inTransaction = false;
        for (Advisor advisor : List.of(advised.getAdvisors())) {
            if (advisor instanceof LockedAdvisor && inTransaction) {
                throw new LockUsageException(
                        "@Locked on " + Placement.describe(method)
                                + " stands inside of the method's transaction, so its lock"
                                + " would come free before the commit",
                        "let the order of @EnableTransactionManagement be larger than that of @EnableLocking ("
                                + EnableLocking.ORDER + " if not set), or leave both as they are by default");
            }
            inTransaction |= isTransactionOf(method, type, advisor);
        }
    }

    private static boolean isTransactionOf(Method method, Class<?> type, Advisor advisor) {
        return advisor instanceof PointcutAdvisor pointed
                && pointed.getAdvice() instanceof TransactionInterceptor
                && pointed.getPointcut().getMethodMatcher().matches(method, type);
    }
}
