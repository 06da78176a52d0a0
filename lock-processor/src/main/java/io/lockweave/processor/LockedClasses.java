package io.lockweave.processor;

import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/** The classes with locked methods of one compilation. */
final class LockedClasses {

    private static final String LOMBOKS = "lombok.Locked";

    private final Compilation compilation;
    private final MethodChecks checks;

    LockedClasses(Compilation compilation, Options options, Diagnostics diagnostics) {
        this.compilation = compilation;
        this.checks = new MethodChecks(compilation, options, diagnostics);
    }

    /** Whether methods with the annotation are looked at. */
    static boolean concerns(Compilation compilation, AnnotatedLocks locks, TypeElement annotation) {
        String name = compilation.elements().getBinaryName(annotation).toString();
        return name.equals(AnnotatedLocks.LOCKED)
                || name.equals(AnnotatedRows.LOCKED_ROW)
                || name.equals(LOMBOKS)
                || locks.isCarrier(annotation);
    }

    /** The class of a method; what tools have added to it is seen by looking it up again. */
    static Optional<String> nameOf(Compilation compilation, Element annotated) {
        return annotated instanceof ExecutableElement method && method.getEnclosingElement() instanceof TypeElement type
                ? Optional.of(type.getQualifiedName().toString())
                : Optional.empty();
    }

    void check(Set<String> names) {
        for (String name : names) {
            TypeElement type = compilation.elements().getTypeElement(name);
            if (type != null && type.getKind() != ElementKind.ANNOTATION_TYPE) {
                ElementFilter.methodsIn(type.getEnclosedElements()).forEach(checks::check);
            }
        }
        checks.checkTogether();
    }
}
