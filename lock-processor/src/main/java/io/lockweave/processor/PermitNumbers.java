package io.lockweave.processor;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.invoke.LockUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.lang.model.element.ExecutableElement;
import javax.tools.Diagnostic.Kind;

/** Finds locks of one name that count their holders differently. */
final class PermitNumbers {

    private final Map<String, List<Place>> byName = new LinkedHashMap<>();
    private final Diagnostics diagnostics;

    PermitNumbers(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    private record Place(LockUse use, ExecutableElement method, AnnotatedLock lock) {}

    void add(Locked locked, CompiledMethod model, ExecutableElement method, AnnotatedLock lock) {
        String name = locked.name().isEmpty() ? model.declaringType().name() : locked.name();
        if (!name.contains("${")) {
            LockUse use = new LockUse(model.description(), name, locked.key(), locked.permits());
            byName.computeIfAbsent(name, none -> new ArrayList<>()).add(new Place(use, method, lock));
        }
    }

    /** Tells it at the later one of each two. */
    void check() {
        for (List<Place> places : byName.values()) {
            for (int i = 1; i < places.size(); i++) {
                Place here = places.get(i);
                places.subList(0, i).stream()
                        .map(earlier -> here.use().conflictWith(earlier.use()))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .ifPresent(conflict -> tell(here, conflict));
            }
        }
    }

    private void tell(Place place, LockUsageException conflict) {
        diagnostics.tell(Kind.ERROR, conflict, place.method(), place.lock(), "permits");
    }
}
