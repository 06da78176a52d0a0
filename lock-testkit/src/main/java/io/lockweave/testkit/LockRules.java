package io.lockweave.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.lockweave.Locked;
import java.lang.annotation.Annotation;
import java.util.stream.Stream;

/**
 * Rules of ArchUnit about locks, for a test of one's own architecture. Needs {@code com.tngtech.archunit:archunit}.
 *
 * <pre>{@code
 * @ArchTest
 * static final ArchRule writes = LockRules.onlyCalledUnderLock(WritesUser.class, "user");
 * }</pre>
 */
public final class LockRules {

    private LockRules() {}

    /**
     * Methods with the annotation, or of classes with it, are only called from methods with {@code @Locked} (directly
     * or through an annotation of one's own) and from methods that carry the annotation too. Code that runs at another
     * time is not told from code that runs at once: {@link io.lockweave.HeldLock#require(String)} sees that when it
     * runs.
     */
    public static ArchRule onlyCalledUnderLock(Class<? extends Annotation> marker) {
        return onlyCalledUnderLock(marker, "");
    }

    /**
     * As {@link #onlyCalledUnderLock(Class)}, from methods that lock one name.
     *
     * @param name the name as the annotation says it; empty: any
     */
    public static ArchRule onlyCalledUnderLock(Class<? extends Annotation> marker, String name) {
        return methods()
                .that(DescribedPredicate.describe(
                        "need a lock (@" + marker.getSimpleName() + ")", method -> needsLock(method, marker)))
                .should(onlyBeCalledUnderLock(marker, name))
                .allowEmptyShould(true);
    }

    private static boolean needsLock(JavaCodeUnit method, Class<? extends Annotation> marker) {
        return method.isAnnotatedWith(marker)
                || method.isMetaAnnotatedWith(marker)
                || method.getOwner().isAnnotatedWith(marker);
    }

    private static ArchCondition<JavaMethod> onlyBeCalledUnderLock(Class<? extends Annotation> marker, String name) {
        String lock = name.isEmpty() ? "a lock" : "lock \"" + name + "\"";
        return new ArchCondition<>("only be called under " + lock) {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                Stream.concat(method.getCallsOfSelf().stream(), method.getReferencesToSelf().stream())
                        .filter(call -> !isLocked(call.getOrigin(), name) && !needsLock(call.getOrigin(), marker))
                        .forEach(call -> events.add(SimpleConditionEvent.violated(
                                method,
                                call.getDescription() + ": the caller does not hold " + lock
                                        + " (put @Locked on it, or @" + marker.getSimpleName()
                                        + " if its own callers hold it)")));
            }
        };
    }

    private static boolean isLocked(JavaCodeUnit caller, String name) {
        return caller.tryGetAnnotationOfType(Locked.class).stream().anyMatch(locked -> isOf(locked, name))
                || caller.tryGetAnnotationOfType(Locked.List.class).stream()
                        .flatMap(all -> Stream.of(all.value()))
                        .anyMatch(locked -> isOf(locked, name))
                || caller.getAnnotations().stream()
                        .flatMap(annotation -> annotation.getRawType().tryGetAnnotationOfType(Locked.class).stream())
                        .anyMatch(locked -> isOf(locked, name));
    }

    private static boolean isOf(Locked locked, String name) {
        return name.isEmpty() || locked.name().equals(name);
    }
}
