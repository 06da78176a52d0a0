package io.lockweave.processor;

import io.lockweave.LockUsageException;
import io.lockweave.check.ResultCheck;
import io.lockweave.config.DurationText;
import io.lockweave.invoke.LockedMethodCheck;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.ExecutableElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Checks {@code @LockedRow}, which lock-jdbc has and which works through proxies alone. */
final class AnnotatedRows {

    static final String LOCKED_ROW = "io.lockweave.jdbc.LockedRow";

    private final Compilation compilation;
    private final Diagnostics diagnostics;

    AnnotatedRows(Compilation compilation, Diagnostics diagnostics) {
        this.compilation = compilation;
        this.diagnostics = diagnostics;
    }

    /** Whether the method has one. */
    boolean check(ExecutableElement method) {
        boolean found = false;
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            if (compilation.name(annotation).equals(LOCKED_ROW)) {
                found = true;
                check(method, annotation);
            }
        }
        return found;
    }

    private void check(ExecutableElement method, AnnotationMirror annotation) {
        Map<String, AnnotationValue> said = AnnotatedLocks.said(annotation);
        CompiledMethod model = new CompiledMethod(compilation, method);
        AnnotationValue key = said.get("key");
        if (key != null && key.getValue() instanceof String text) {
            LockedMethodCheck.checkKey(model, "key", text)
                    .forEach(finding -> diagnostics.tell(Kind.ERROR, finding.problem(), method, annotation, key));
        }
        attempt(method, annotation, null, () -> ResultCheck.finished(model, "@LockedRow"));
        AnnotationValue wait = said.get("waitTime");
        if (wait != null
                && wait.getValue() instanceof String text
                && !text.isEmpty()
                && !text.equalsIgnoreCase("SKIP")) {
            attempt(
                    method,
                    annotation,
                    wait,
                    () -> DurationText.parseFinite("waitTime of " + model.description(), text));
        }
    }

    private void attempt(
            ExecutableElement method, AnnotationMirror annotation, @Nullable AnnotationValue value, Runnable check) {
        try {
            check.run();
        } catch (LockUsageException e) {
            diagnostics.tell(Kind.ERROR, e, method, annotation, value);
        }
    }
}
