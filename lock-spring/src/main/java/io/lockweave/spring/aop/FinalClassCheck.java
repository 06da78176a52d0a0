package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.invoke.Placement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Looks at each bean before it gets its proxy: no proxy can extend a final class.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class FinalClassCheck implements BeanPostProcessor {

    @Override
    public Object postProcessBeforeInitialization(Object bean, String name) {
        Class<?> type = bean.getClass();
        if (Modifier.isFinal(type.getModifiers()) && AnnotationUtils.isCandidateClass(type, Locked.class)) {
            for (Method method : MethodIntrospector.selectMethods(type, LockedPointcut::isLocked)) {
                if (!ProxyPlacement.isInInterface(type, method)) {
                    throw new LockUsageException(
                            "Bean \"" + name + "\": @Locked on " + Placement.describe(method)
                                    + " has no effect: its class is final, so no proxy can extend it",
                            "remove final from the class (in Kotlin: open it, or use the kotlin-spring plugin), or let it"
                                    + " implement an interface that has the method");
                }
            }
        }
        return bean;
    }
}
