package io.lockweave.invoke;

import io.lockweave.check.AnnotationCheck;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;

/**
 * Annotations that carry one of ours. An attribute of theirs that has the name of one of ours means nothing without
 * {@link AliasFor} on Spring 7, and overrides ours on Spring 6: it is an error on both.
 */
public final class ComposedAnnotations {

    private ComposedAnnotations() {}

    /**
     * Looks at what carries an annotation on a method or on one that it overrides.
     *
     * @throws io.lockweave.LockUsageException if an attribute means one thing here and another there
     */
    public static void check(Method method, Class<? extends Annotation> ours) {
        MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables())
                .stream(ours)
                .forEach(one -> check(one.getMetaSource(), ours, method));
    }

    private static void check(@Nullable MergedAnnotation<?> composed, Class<? extends Annotation> ours, Method method) {
        if (composed == null) {
            return;
        }
        for (Method attribute : composed.getType().getDeclaredMethods()) {
            if (has(ours, attribute.getName()) && !attribute.isAnnotationPresent(AliasFor.class)) {
                throw AnnotationCheck.ambiguous(
                        composed.getType().getName(),
                        attribute.getName(),
                        ours.getSimpleName(),
                        LockedMethodReader.describe(method));
            }
        }
        check(composed.getMetaSource(), ours, method);
    }

    private static boolean has(Class<? extends Annotation> ours, String attribute) {
        return Stream.of(ours.getDeclaredMethods())
                .anyMatch(one -> one.getName().equals(attribute));
    }
}
