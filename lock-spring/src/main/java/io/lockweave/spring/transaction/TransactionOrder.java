package io.lockweave.spring.transaction;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.invoke.Placement;
import io.lockweave.spring.aop.LockedAdvisor;
import io.lockweave.spring.aop.PlacementRule;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/**
 * A lock stands outside of its method's transaction. The other way round, the next holder would enter between the
 * release and the commit, and read what the commit is about to change.
 */
final class TransactionOrder implements PlacementRule {

    private static final Set<Integer> BEGINNING = Set.of(
            TransactionDefinition.PROPAGATION_REQUIRED,
            TransactionDefinition.PROPAGATION_REQUIRES_NEW,
            TransactionDefinition.PROPAGATION_NESTED);

    private final ConfigurableListableBeanFactory beans;

    TransactionOrder(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        boolean inTransaction = false;
        boolean locked = false;
        for (Advisor advisor : advisors(type, bean)) {
            if (locked && begins(advisor, type, method) && isUntilTransaction(method)) {
                throw new LockUsageException(
                        "until = TRANSACTION of " + Placement.describe(method)
                                + ", which begins its transaction after its lock was taken: when that is asked for,"
                                + " there is none yet",
                        "leave until as it is: the lock is held around the method's own transaction, until after its"
                                + " commit, and in a transaction of the caller until that has ended");
            }
            locked |= advisor instanceof LockedAdvisor;
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

    private static boolean isUntilTransaction(Method method) {
        return AnnotatedElementUtils.findMergedRepeatableAnnotations(method, Locked.class, Locked.List.class).stream()
                .anyMatch(locked -> locked.until() == Locked.Until.TRANSACTION);
    }

    /** Whether the method has a transaction of its own if its caller has none. */
    private static boolean begins(Advisor advisor, Class<?> type, Method method) {
        if (!isTransactional(advisor)
                || !(((PointcutAdvisor) advisor).getAdvice() instanceof TransactionInterceptor interceptor)
                || interceptor.getTransactionAttributeSource() == null) {
            return false;
        }
        TransactionAttribute attribute =
                interceptor.getTransactionAttributeSource().getTransactionAttribute(method, type);
        return attribute != null && BEGINNING.contains(attribute.getPropagationBehavior());
    }

    static boolean isTransactional(Advisor advisor) {
        return advisor instanceof PointcutAdvisor pointed && pointed.getAdvice() instanceof TransactionInterceptor;
    }
}
