package io.lockweave.processor;

import io.lockweave.LockMode;
import io.lockweave.Locked;
import io.lockweave.check.AnnotationCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.ExecutableElement;
import javax.tools.Diagnostic.Kind;

/** Finds locks of one name that count their holders differently. */
final class PermitNumbers {

    private final Map<String, List<Use>> byName = new LinkedHashMap<>();
    private final Diagnostics diagnostics;

    PermitNumbers(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    private record Use(Locked locked, String description, ExecutableElement method, AnnotatedLock lock) {}

    void add(Locked locked, CompiledMethod model, ExecutableElement method, AnnotatedLock lock) {
        String name = locked.name().isEmpty() ? model.declaringType().name() : locked.name();
        if (!name.contains("${")) {
            byName.computeIfAbsent(name, none -> new ArrayList<>())
                    .add(new Use(locked, model.description(), method, lock));
        }
    }

    /** An error where the keys are written alike; else a warning, since they may be different keys. */
    void check() {
        byName.forEach((name, uses) -> {
            Use first = uses.get(0);
            for (Use use : uses) {
                boolean counted = first.locked().permits() > 1 || use.locked().permits() > 1;
                if (counted
                        && use.locked().permits() != first.locked().permits()
                        && use.locked().mode() != LockMode.SHARED) {
                    diagnostics.tell(
                            use.locked().key().equals(first.locked().key()) ? Kind.ERROR : Kind.MANDATORY_WARNING,
                            AnnotationCheck.permitsDiffer(
                                    name,
                                    use.locked().permits(),
                                    use.description(),
                                    first.locked().permits(),
                                    first.description()),
                            use.method(),
                            use.lock(),
                            "permits");
                }
            }
        });
    }
}
