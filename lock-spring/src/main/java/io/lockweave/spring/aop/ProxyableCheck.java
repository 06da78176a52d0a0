package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Looks at each bean before it gets its proxy: no proxy can extend a final class. Of a bean that is made after the
 * start, lazily or for a scope, only now the class is known for sure: it is checked where its locks stand.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class ProxyableCheck implements BeanPostProcessor, SmartInitializingSingleton {

    private final PlacementRule placement = new ProxyPlacement();
    private volatile boolean started;

    /** From now on beans come that {@link StartupCheck} has seen by their declared types alone. */
    @Override
    public void afterSingletonsInstantiated() {
        started = true;
    }

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        Class<?> type = bean.getClass();
        if (started && AnnotationUtils.isCandidateClass(type, Locked.class)) {
            for (Method method : MethodIntrospector.selectMethods(type, LockedPointcut::isLocked)) {
                checkPlacement(name, type, method);
            }
        }
        if (Modifier.isFinal(type.getModifiers()) && AnnotationUtils.isCandidateClass(type, Locked.class)) {
            for (Method method : MethodIntrospector.selectMethods(type, LockedPointcut::isLocked)) {
                if (!ProxyPlacement.isInInterface(type, method)) {
                    throw new LockUsageException(
                            "Bean \"" + name + "\": @Locked on " + Placement.describe(method)
                                    + " has no effect: its class is final, so no proxy can extend it",
                            "remove final from the class (in Kotlin: open it, or use the kotlin-spring plugin), or let"
                                    + " it implement an interface that has the method");
                }
            }
        }
        return bean;
    }

    private void checkPlacement(String bean, Class<?> type, Method method) {
        try {
            placement.check(type, method, null);
        } catch (LockUsageException e) {
            throw new LockUsageException("Bean \"" + bean + "\": " + e.problem(), e.remedy(), e);
        }
    }
}
