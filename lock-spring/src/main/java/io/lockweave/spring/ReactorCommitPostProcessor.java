package io.lockweave.spring;

import java.lang.reflect.Method;
import java.util.List;
import org.springframework.aop.Advisor;
import org.springframework.aop.Pointcut;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.Pointcuts;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts {@link ReactorCommits} inside of reactive transactions, those by annotation and those of {@link TransactionalOperator}
 * beans. A reactive manager's own listeners would not do: they do not see the Reactor context.
 */
final class ReactorCommitPostProcessor implements BeanPostProcessor {

    private static final Pointcut REACTIVE = new StaticMethodMatcherPointcut() {
        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return method.getReturnType() == Mono.class || method.getReturnType() == Flux.class;
        }
    };

    private final ReactorCommits commits = new ReactorCommits();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof TransactionalOperator operator) {
            return new ReactorCommits.Operator(operator);
        }
        if (bean instanceof Advised advised && !advised.isFrozen()) {
            for (Advisor advisor : List.of(advised.getAdvisors())) {
                if (TransactionOrder.isTransactional(advisor)) {
                    Pointcut transactional = ((PointcutAdvisor) advisor).getPointcut();
                    advised.addAdvisor(
                            new DefaultPointcutAdvisor(Pointcuts.intersection(transactional, REACTIVE), commits));
                }
            }
        }
        return bean;
    }
}
