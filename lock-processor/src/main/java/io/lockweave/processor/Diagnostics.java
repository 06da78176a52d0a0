package io.lockweave.processor;

import io.lockweave.LockUsageException;
import java.util.List;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Tells what was found, where it stands. Code that says {@code @SuppressWarnings("lockweave")} hears no warnings. */
final class Diagnostics {

    private final Messager messager;
    private final @Nullable SourcePlaces places;

    Diagnostics(Messager messager, @Nullable SourcePlaces places) {
        this.messager = messager;
        this.places = places;
    }

    /** At an attribute of an annotation that is one of the method's locks; compilers do not find repeated ones. */
    void tell(Kind kind, LockUsageException problem, Element method, AnnotatedLock lock, String attribute) {
        boolean told = lock.index() >= 0
                && places != null
                && !(kind != Kind.ERROR && isSuppressed(method))
                && places.tell(kind, String.valueOf(problem.getMessage()), method, lock, attribute);
        if (!told) {
            tell(kind, problem, method, lock.shown(), lock.place(attribute));
        }
    }

    void tell(
            Kind kind,
            LockUsageException problem,
            Element element,
            @Nullable AnnotationMirror annotation,
            @Nullable AnnotationValue value) {
        if (kind != Kind.ERROR && isSuppressed(element)) {
            return;
        }
        messager.printMessage(kind, String.valueOf(problem.getMessage()), element, annotation, value);
    }

    /** Whether warnings are switched off there. */
    static boolean isSuppressed(Element element) {
        for (Element one = element; one != null; one = one.getEnclosingElement()) {
            SuppressWarnings some = one.getAnnotation(SuppressWarnings.class);
            if (some != null && List.of(some.value()).contains("lockweave")) {
                return true;
            }
        }
        return false;
    }

    void unknownOption(String name, String value, String... valid) {
        messager.printMessage(
                Kind.ERROR,
                new LockUsageException(
                                "-A" + name + "=" + value + " is not known",
                                "give one of "
                                        + String.join(
                                                ", ",
                                                List.of(valid).stream()
                                                        .filter(one -> !one.isEmpty())
                                                        .toList()))
                        .getMessage());
    }
}
