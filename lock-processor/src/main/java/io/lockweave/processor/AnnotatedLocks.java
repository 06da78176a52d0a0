package io.lockweave.processor;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.AnnotationCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** Finds {@code @Locked} on methods: directly, repeated, and on annotations that stand there. */
final class AnnotatedLocks {

    static final String LOCKED = Locked.class.getName();

    private static final String REPEATED = LOCKED + "$List";
    private static final String ALIAS = "org.springframework.core.annotation.AliasFor";
    private static final int DEEPEST = 8;
    private static final Set<String> ATTRIBUTES = Stream.of(Locked.class.getDeclaredMethods())
            .map(method -> method.getName())
            .collect(Collectors.toSet());

    private final Compilation compilation;

    AnnotatedLocks(Compilation compilation) {
        this.compilation = compilation;
    }

    /** All of a method; empty if it has none. */
    List<AnnotatedLock> on(Element method) {
        List<AnnotatedLock> all = new ArrayList<>();
        for (AnnotationMirror annotation : method.getAnnotationMirrors()) {
            String name = compilation.name(annotation);
            if (name.startsWith("java.lang.")) {
                continue;
            }
            if (name.equals(LOCKED)) {
                all.add(new AnnotatedLock(annotation, -1, said(annotation), said(annotation)));
            } else if (name.equals(REPEATED)) {
                List<AnnotationMirror> several = elements(annotation);
                for (int i = 0; i < several.size(); i++) {
                    all.add(new AnnotatedLock(several.get(i), i, said(several.get(i)), said(several.get(i))));
                }
            } else {
                all.addAll(carriedBy(annotation, -1));
                List<AnnotationMirror> several = elements(annotation);
                for (int i = 0; i < several.size(); i++) {
                    all.addAll(carriedBy(several.get(i), i));
                }
            }
        }
        return all;
    }

    /** Whether a type of annotations carries {@code @Locked}, or contains such ones. */
    boolean isCarrier(TypeElement annotation) {
        return !annotation.getQualifiedName().toString().startsWith("java.")
                && (carries(annotation, 0)
                        || ElementFilter.methodsIn(annotation.getEnclosedElements()).stream()
                                .anyMatch(this::contains));
    }

    private boolean carries(Element annotation, int depth) {
        return depth <= DEEPEST
                && annotation.getAnnotationMirrors().stream().anyMatch(one -> {
                    String name = compilation.name(one);
                    return name.equals(LOCKED)
                            || name.equals(REPEATED)
                            || (!name.startsWith("java.")
                                    && carries(one.getAnnotationType().asElement(), depth + 1));
                });
    }

    /** Whether an attribute is an array of annotations that carry it. */
    private boolean contains(ExecutableElement attribute) {
        return attribute.getReturnType() instanceof ArrayType array
                && array.getComponentType() instanceof DeclaredType element
                && element.asElement().getKind() == ElementKind.ANNOTATION_TYPE
                && carries(element.asElement(), 0);
    }

    private List<AnnotatedLock> carriedBy(AnnotationMirror annotation, int index) {
        return carried(annotation, 0).stream()
                .map(lock -> new AnnotatedLock(annotation, index, lock.values(), lock.places()))
                .toList();
    }

    /** What an annotation's own annotations come to, with those of its attributes that are aliases on top. */
    private List<AnnotatedLock> carried(AnnotationMirror annotation, int depth) {
        Element type = annotation.getAnnotationType().asElement();
        List<AnnotatedLock> all = new ArrayList<>();
        if (depth > DEEPEST) {
            return all;
        }
        for (AnnotationMirror above : type.getAnnotationMirrors()) {
            String name = compilation.name(above);
            if (name.startsWith("java.lang.")) {
                continue;
            }
            List<AnnotatedLock> carried = name.equals(LOCKED)
                    ? List.of(new AnnotatedLock(above, -1, said(above), Map.of()))
                    : name.equals(REPEATED)
                            ? elements(above).stream()
                                    .map(one -> new AnnotatedLock(one, -1, said(one), Map.of()))
                                    .toList()
                            : carried(above, depth + 1);
            carried.forEach(lock -> all.add(overridden(lock, annotation)));
        }
        return all;
    }

    private AnnotatedLock overridden(AnnotatedLock lock, AnnotationMirror annotation) {
        Map<String, AnnotationValue> values = new HashMap<>(lock.values());
        Map<String, AnnotationValue> places = new HashMap<>();
        Map<String, AnnotationValue> said = said(annotation);
        for (ExecutableElement attribute : attributes(annotation)) {
            String name = attribute.getSimpleName().toString();
            String target = aliased(attribute);
            AnnotationValue value = said.getOrDefault(name, attribute.getDefaultValue());
            if (target != null && value != null) {
                values.put(target, value);
                if (said.containsKey(name)) {
                    places.put(target, value);
                }
            }
        }
        return new AnnotatedLock(annotation, -1, values, places);
    }

    /** The attribute of {@code @Locked} that it stands for; null if it is one of its own. */
    private @Nullable String aliased(ExecutableElement attribute) {
        for (AnnotationMirror annotation : attribute.getAnnotationMirrors()) {
            if (compilation.name(annotation).equals(ALIAS)) {
                Map<String, AnnotationValue> said = said(annotation);
                if (said.containsKey("annotation")) {
                    AnnotationValue target = said.getOrDefault("attribute", said.get("value"));
                    return target == null
                            ? attribute.getSimpleName().toString()
                            : target.getValue().toString();
                }
            }
        }
        return null;
    }

    /** The error for an attribute that does not say whether it is one of {@code @Locked}; null if there is none. */
    @Nullable
    LockUsageException ambiguous(AnnotationMirror annotation, String description) {
        if (compilation.name(annotation).equals(LOCKED)
                || carried(annotation, 0).isEmpty()) {
            return null;
        }
        return attributes(annotation).stream()
                .filter(attribute ->
                        ATTRIBUTES.contains(attribute.getSimpleName().toString())
                                && attribute.getAnnotationMirrors().stream()
                                        .noneMatch(one -> compilation.name(one).equals(ALIAS)))
                .map(attribute -> AnnotationCheck.ambiguous(
                        compilation.name(annotation), attribute.getSimpleName().toString(), "Locked", description))
                .findFirst()
                .orElse(null);
    }

    private static List<ExecutableElement> attributes(AnnotationMirror annotation) {
        return ElementFilter.methodsIn(
                annotation.getAnnotationType().asElement().getEnclosedElements());
    }

    /** The annotations in {@code value}, if it is a container of them. */
    private static List<AnnotationMirror> elements(AnnotationMirror container) {
        AnnotationValue value = said(container).get("value");
        return value != null && value.getValue() instanceof List<?> list
                ? list.stream()
                        .map(one -> ((AnnotationValue) one).getValue())
                        .filter(AnnotationMirror.class::isInstance)
                        .map(AnnotationMirror.class::cast)
                        .toList()
                : List.of();
    }

    static Map<String, AnnotationValue> said(AnnotationMirror annotation) {
        Map<String, AnnotationValue> all = new HashMap<>();
        annotation
                .getElementValues()
                .forEach((attribute, value) -> all.put(attribute.getSimpleName().toString(), value));
        return all;
    }
}
