package io.lockweave.spring.transaction;

import io.lockweave.LockUsageException;
import io.lockweave.invoke.Placement;
import io.lockweave.spring.aop.LockedAdvisor;
import io.lockweave.spring.aop.PlacementRule;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * A lock stands outside of its method's transaction. The other way round, the next holder would enter between the
 * release and the commit, and read what the commit is about to change.
 */
final class TransactionOrder implements PlacementRule {

    private final ConfigurableListableBeanFactory beans;

    TransactionOrder(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        boolean inTransaction = false;
        for (Advisor advisor : advisors(type, bean)) {
            if (advisor instanceof LockedAdvisor && inTransaction) {
                throw new LockUsageException(
                        "@Locked on " + Placement.describe(method)
                                + " stands inside of the method's transaction, so its lock"
                                + " would come free before the commit",
                        "let the order of @EnableTransactionManagement be larger than that of @EnableLocking ("
                                + LockedAdvisor.DEFAULT_ORDER + " if not set), or leave both as they are by default");
            }
            inTransaction |= isTransactional(advisor)
                    && ((PointcutAdvisor) advisor)
                            .getPointcut()
                            .getMethodMatcher()
                            .matches(method, type);
        }
    }

    /** In order; of a bean that is not there yet, those that it is going to have. */
    private List<Advisor> advisors(Class<?> type, @Nullable Object bean) {
        if (bean != null) {
            return bean instanceof Advised advised ? List.of(advised.getAdvisors()) : List.of();
        }
        List<Advisor> all = new ArrayList<>(AopUtils.findAdvisorsThatCanApply(
                List.copyOf(beans.getBeansOfType(Advisor.class, true, false).values()), type));
        AnnotationAwareOrderComparator.sort(all);
        return all;
    }

    static boolean isTransactional(Advisor advisor) {
        return advisor instanceof PointcutAdvisor pointed && pointed.getAdvice() instanceof TransactionInterceptor;
    }
}
