package io.lockweave.spring.aop;

import io.lockweave.Locked;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Methods that carry {@code @Locked}, themselves or through a method they implement or override, directly or through an
 * annotation of the application's own.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class LockedPointcut extends StaticMethodMatcherPointcut {

    @Override
    public boolean matches(Method method, Class<?> targetClass) {
        return AnnotationUtils.isCandidateClass(targetClass, Locked.class)
                && isLocked(lockedMethod(method, targetClass));
    }

    /** The method whose annotation counts when this one is called on an object of that class. */
    static Method lockedMethod(Method called, @Nullable Class<?> type) {
        return AnnotatedMethods.find(called, type, LockedPointcut::isLocked);
    }

    public static boolean isLocked(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, Locked.class)
                || AnnotatedElementUtils.hasAnnotation(method, Locked.List.class);
    }
}
