package io.lockweave.processor;

import io.lockweave.LockUsageException;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.invoke.Placement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Whether the way of locking sees the annotation where it stands. */
final class PlacementCheck {

    private final Compilation compilation;
    private final Options options;
    private final Diagnostics diagnostics;

    PlacementCheck(Compilation compilation, Options options, Diagnostics diagnostics) {
        this.compilation = compilation;
        this.options = options;
        this.diagnostics = diagnostics;
    }

    void check(ExecutableElement method, CompiledMethod model, AnnotationMirror annotation) {
        tell(options.underProxies(), underProxies(method, model.description()), method, annotation);
        tell(options.inWovenCode(), inWovenCode(method, model.description()), method, annotation);
    }

    /** Rows are locked through proxies alone. */
    void checkRow(ExecutableElement method, CompiledMethod model) {
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            if (compilation.name(annotation).equals(AnnotatedRows.LOCKED_ROW)) {
                boolean seen = underProxies(method, model.description()) == null;
                tell(
                        Kind.ERROR,
                        seen ? null : AnnotationCheck.rowWithoutProxy(model.description()),
                        method,
                        annotation);
            }
        }
    }

    private void tell(
            @Nullable Kind kind,
            @Nullable LockUsageException problem,
            ExecutableElement method,
            AnnotationMirror annotation) {
        if (kind != null && problem != null) {
            diagnostics.tell(kind, problem, method, annotation, null);
        }
    }

    private @Nullable LockUsageException underProxies(ExecutableElement method, String description) {
        Set<Modifier> modifiers = method.getModifiers();
        if (modifiers.contains(Modifier.STATIC)) {
            return AnnotationCheck.staticMethod(description);
        }
        if (modifiers.contains(Modifier.PRIVATE)) {
            return AnnotationCheck.privateMethod(description);
        }
        return modifiers.contains(Modifier.FINAL) && !isOfAnInterface(method)
                ? AnnotationCheck.finalMethod(description)
                : null;
    }

    /** Whether a proxy of interfaces may have the method. */
    private boolean isOfAnInterface(ExecutableElement method) {
        TypeElement owner = Compilation.owner(method);
        return overridden(owner.asType(), method, owner)
                .anyMatch(type -> type.getKind().isInterface());
    }

    private Stream<TypeElement> overridden(TypeMirror type, ExecutableElement method, TypeElement owner) {
        return compilation.types().directSupertypes(type).stream().flatMap(above -> {
            if (!(compilation.types().asElement(above) instanceof TypeElement element)) {
                return Stream.of();
            }
            boolean here = ElementFilter.methodsIn(element.getEnclosedElements()).stream()
                    .anyMatch(one -> compilation.elements().overrides(method, one, owner));
            return Stream.concat(here ? Stream.of(element) : Stream.of(), overridden(above, method, owner));
        });
    }

    /** What has no body counts where it is implemented, which is looked at there. */
    private static @Nullable LockUsageException inWovenCode(ExecutableElement method, String description) {
        return method.getModifiers().contains(Modifier.SYNCHRONIZED) ? Placement.inMonitor(List.of(description)) : null;
    }
}
