package io.lockweave.spring;

import io.lockweave.Locked;
import io.lockweave.spring.aop.LockedPointcut;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Keeps in a native image what locked methods need by reflection: the methods of their beans, for the check at start-up
 * and for fallbacks, and the members of their parameters, which key expressions read.
 */
final class LockedAotProcessor implements BeanRegistrationAotProcessor {

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = bean.getBeanClass();
        if (!AnnotationUtils.isCandidateClass(type, Locked.class)) {
            return null;
        }
        Set<Method> locked = MethodIntrospector.selectMethods(type, LockedPointcut::isLocked);
        return locked.isEmpty() ? null : new Reflection(type, locked);
    }

    /** The hints of one bean. */
    private record Reflection(Class<?> type, Set<Method> locked) implements BeanRegistrationAotContribution {

        @Override
        public void applyTo(GenerationContext context, BeanRegistrationCode code) {
            ReflectionHints hints = context.getRuntimeHints().reflection();
            hints.registerType(type, MemberCategory.INVOKE_DECLARED_METHODS);
            for (Method method : locked) {
                for (Class<?> parameter : method.getParameterTypes()) {
                    if (!parameter.isPrimitive()) {
                        hints.registerType(
                                parameter,
                                MemberCategory.INVOKE_PUBLIC_METHODS,
                                MemberCategory.INVOKE_DECLARED_METHODS);
                    }
                }
            }
        }
    }
}
