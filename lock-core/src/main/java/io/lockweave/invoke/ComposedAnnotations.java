package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;

/**
 * Annotations that carry {@code @Locked}. An attribute of theirs that has the name of one of {@code @Locked}'s means
 * nothing without {@link AliasFor} on Spring 7, and overrides that one on Spring 6: it is an error on both.
 */
final class ComposedAnnotations {

    private static final Set<String> ATTRIBUTES =
            Stream.of(Locked.class.getDeclaredMethods()).map(Method::getName).collect(Collectors.toUnmodifiableSet());

    private ComposedAnnotations() {}

    static void check(Method method, String description) {
        MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables())
                .stream(Locked.class)
                .forEach(locked -> check(locked.getMetaSource(), description));
    }

    private static void check(@Nullable MergedAnnotation<?> composed, String description) {
        if (composed == null) {
            return;
        }
        for (Method attribute : composed.getType().getDeclaredMethods()) {
            if (ATTRIBUTES.contains(attribute.getName()) && !attribute.isAnnotationPresent(AliasFor.class)) {
                throw new LockUsageException(
                        "@" + composed.getType().getName() + " on " + description + " has an attribute \""
                                + attribute.getName()
                                + "\" like @Locked, but does not say whether it is that of @Locked",
                        "add @AliasFor(annotation = Locked.class) to it, or give it another name");
            }
        }
        check(composed.getMetaSource(), description);
    }
}
