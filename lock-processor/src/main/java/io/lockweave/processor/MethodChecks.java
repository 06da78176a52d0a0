package io.lockweave.processor;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.AnnotationCheck;
import io.lockweave.invoke.LockedMethodCheck;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.tools.Diagnostic.Kind;

/** Checks one method after the other. */
final class MethodChecks {

    private static final Set<String> FUTURES =
            Set.of("java.util.concurrent.CompletionStage", "java.util.concurrent.CompletableFuture");
    private static final List<String> REACTIVE = List.of("io.reactivex.", "rx.", "io.smallrye.mutiny.");

    private final Compilation compilation;
    private final Options options;
    private final Diagnostics diagnostics;
    private final AnnotatedLocks locks;
    private final AnnotatedRows rows;
    private final PlacementCheck placement;
    private final PermitNumbers permits;

    MethodChecks(Compilation compilation, Options options, Diagnostics diagnostics) {
        this.compilation = compilation;
        this.options = options;
        this.diagnostics = diagnostics;
        this.locks = new AnnotatedLocks(compilation);
        this.rows = new AnnotatedRows(compilation, diagnostics);
        this.placement = new PlacementCheck(compilation, options, diagnostics);
        this.permits = new PermitNumbers(diagnostics);
    }

    void check(ExecutableElement method) {
        CompiledMethod model = new CompiledMethod(compilation, method);
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            if (compilation.name(annotation).equals("lombok.Locked")) {
                diagnostics.tell(
                        Kind.MANDATORY_WARNING,
                        AnnotationCheck.lomboksLocked(model.description()),
                        method,
                        annotation,
                        null);
            }
            LockUsageException ambiguous = locks.ambiguous(annotation, model.description());
            if (ambiguous != null) {
                diagnostics.tell(Kind.ERROR, ambiguous, method, annotation, null);
            }
        }
        if (rows.check(method)) {
            placement.checkRow(method, model);
        }
        List<AnnotatedLock> found = locks.on(method);
        if (!found.isEmpty()) {
            check(method, model, found);
        }
    }

    private void check(ExecutableElement method, CompiledMethod model, List<AnnotatedLock> found) {
        AnnotatedLock first = found.get(0);
        if (found.stream().noneMatch(this::isThereAtRunTime)) {
            diagnostics.tell(
                    Kind.ERROR, AnnotationCheck.goneAtRunTime(model.description()), method, first.shown(), null);
            return;
        }
        List<Locked> said = found.stream().map(AnnotatedLock::locked).toList();
        boolean adapted = FUTURES.contains(model.result().name()) || isReactive(model.result());
        List<LockedMethodCheck.Finding> findings = LockedMethodCheck.check(
                model, said, adapted, FUTURES.contains(model.result().name()));
        for (LockedMethodCheck.Finding finding : findings) {
            AnnotatedLock lock = found.get(finding.lock());
            diagnostics.tell(
                    finding.certain() ? Kind.ERROR : Kind.MANDATORY_WARNING,
                    finding.problem(),
                    method,
                    lock,
                    finding.attribute());
        }
        placement.check(method, model, first.shown());
        for (int i = 0; i < said.size() && findings.isEmpty(); i++) { // what is wrong by itself is told once
            permits.add(said.get(i), model, method, found.get(i));
        }
    }

    private boolean isThereAtRunTime(AnnotatedLock lock) {
        Retention retention = lock.shown().getAnnotationType().asElement().getAnnotation(Retention.class);
        return retention != null && retention.value() == RetentionPolicy.RUNTIME;
    }

    /** Whether lock-spring holds locks until such a result ends. */
    private boolean isReactive(CompiledType result) {
        return options.spring()
                && (result.is("org.reactivestreams.Publisher")
                        || result.is("java.util.concurrent.Flow$Publisher")
                        || REACTIVE.stream().anyMatch(result.name()::startsWith));
    }

    /** What can be said only when all methods are known. */
    void checkTogether() {
        permits.check();
    }
}
