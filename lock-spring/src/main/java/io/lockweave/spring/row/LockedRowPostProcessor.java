package io.lockweave.spring.row;

import io.lockweave.LockUsageException;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.invoke.Placement;
import io.lockweave.jdbc.LockedRow;
import io.lockweave.spring.aop.AnnotatedMethods;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Puts the locks of rows behind all other interceptors of a bean, so that the transaction has begun when they come, and
 * checks their annotations before.
 */
final class LockedRowPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {

    private static final long serialVersionUID = 1L;

    private final transient LockedRowInterceptor interceptor;
    private final transient Runnable needed;
    private transient volatile boolean used;

    /** Calls the runnable when all beans are there, if one of them has rows to lock. */
    LockedRowPostProcessor(LockedRowInterceptor interceptor, Runnable needed) {
        this.interceptor = interceptor;
        this.needed = needed;
        this.advisor = new DefaultPointcutAdvisor(new Rows(), interceptor);
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        check(name, bean.getClass());
        return bean;
    }

    /** What a factory bean makes comes only here. */
    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (AnnotatedMethods.isMadeAtRunTime(bean.getClass())) {
            check(name, bean.getClass());
        }
        return super.postProcessAfterInitialization(bean, name);
    }

    private void check(String bean, Class<?> type) {
        if (AnnotationUtils.isCandidateClass(type, LockedRow.class)) {
            for (Method method : MethodIntrospector.selectMethods(type, LockedRowInterceptor::isAnnotated)) {
                check(bean, LockedRowInterceptor.annotated(method, type));
                used = true;
            }
        }
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (used) {
            needed.run();
        }
    }

    private void check(String bean, Method method) {
        try {
            int modifiers = method.getModifiers();
            if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
                throw AnnotationCheck.rowWithoutProxy(Placement.describe(method));
            }
            interceptor.rows(method);
        } catch (LockUsageException e) {
            throw new LockUsageException("Bean \"" + bean + "\": " + e.problem(), e.remedy(), e);
        }
    }

    /** Methods with the annotation. */
    private static final class Rows extends StaticMethodMatcherPointcut {

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return AnnotationUtils.isCandidateClass(targetClass, LockedRow.class)
                    && LockedRowInterceptor.isAnnotated(LockedRowInterceptor.annotated(method, targetClass));
        }
    }
}
