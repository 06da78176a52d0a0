package io.lockweave.spring;

import io.lockweave.Locked;
import io.lockweave.spring.aop.LockedPointcut;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
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
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * Keeps in a native image what methods with {@code @Locked} or {@code @LockedRow} need by reflection: the methods of
 * their beans, for the check at start-up and for fallbacks, and the members that their expressions read.
 */
final class LockedAotProcessor implements BeanRegistrationAotProcessor {

    /** By its name, since lock-jdbc need not be there. */
    private static final String LOCKED_ROW = "io.lockweave.jdbc.LockedRow";

    @Override
    public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
        Class<?> type = bean.getBeanClass();
        if (!AnnotationUtils.isCandidateClass(type, Locked.class)
                && !AnnotationUtils.isCandidateClass(type, LOCKED_ROW)) {
            return null;
        }
        Set<Method> locked = MethodIntrospector.selectMethods(
                type, (MethodFilter) method -> !expressions(method).isEmpty());
        return locked.isEmpty() ? null : new Reflection(type, locked);
    }

    /** Those of all its annotations; the empty one for a lock that has none. */
    private static Set<String> expressions(Method method) {
        Set<String> all = new LinkedHashSet<>();
        if (LockedPointcut.isLocked(method)) {
            for (Locked locked :
                    AnnotatedElementUtils.findMergedRepeatableAnnotations(method, Locked.class, Locked.List.class)) {
                all.add(locked.key());
                all.add(locked.condition());
            }
        }
        MergedAnnotation<?> row =
                MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).get(LOCKED_ROW);
        if (row.isPresent()) {
            all.add(row.getString("key"));
        }
        return all;
    }

    /** The hints of one bean. */
    private record Reflection(Class<?> type, Set<Method> locked) implements BeanRegistrationAotContribution {

        @Override
        public void applyTo(GenerationContext context, BeanRegistrationCode code) {
            ReflectionHints hints = context.getRuntimeHints().reflection();
            hints.registerType(type, MemberCategory.INVOKE_DECLARED_METHODS);
            for (Method method : locked) {
                for (String expression : expressions(method)) {
                    for (Class<?> read : ExpressionTypes.of(method, expression)) {
                        hints.registerType(
                                read, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS);
                    }
                }
            }
        }
    }
}
