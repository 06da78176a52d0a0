package io.lockweave.spring.transaction;

import java.lang.reflect.Method;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.Pointcuts;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.SmartInstantiationAwareBeanPostProcessor;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts {@link ReactorCommits} inside of reactive transactions and {@link OpenTransactions} around them, those by
 * annotation and those of {@link TransactionalOperator} beans. A reactive manager's own listeners would not do: they do
 * not see the Reactor context.
 */
final class ReactorCommitPostProcessor implements SmartInstantiationAwareBeanPostProcessor {

    private static final Pointcut REACTIVE = new StaticMethodMatcherPointcut() {
        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return method.getReturnType() == Mono.class || method.getReturnType() == Flux.class;
        }
    };

    private final MethodInterceptor around = invocation -> OpenTransactions.around(invocation.proceed());
    private final ReactorCommits commits = new ReactorCommits();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof TransactionalOperator operator) {
            return new ReactorCommits.Operator(operator);
        }
        return getEarlyBeanReference(bean, name);
    }

    /** The proxy of a bean that another one needs before it is finished is made here, and not seen again. */
    @Override
    public Object getEarlyBeanReference(Object bean, String name) {
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            for (Advisor advisor : List.of(advised.getAdvisors())) {
                if (TransactionOrder.isTransactional(advisor)) {
                    Pointcut reactive = Pointcuts.intersection(((PointcutAdvisor) advisor).getPointcut(), REACTIVE);
                    advised.addAdvisor(advised.indexOf(advisor), new DefaultPointcutAdvisor(reactive, around));
                    advised.addAdvisor(new DefaultPointcutAdvisor(reactive, commits));
                }
            }
        }
        return bean;
    }
}
