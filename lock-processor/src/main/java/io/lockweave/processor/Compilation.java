package io.lockweave.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** What is known of all types of a compilation. */
final class Compilation {

    private final Elements elements;
    private final Types types;
    private final Map<String, Optional<TypeElement>> known = new HashMap<>();
    private final Map<TypeElement, List<ExecutableElement>> publicMethods = new HashMap<>();

    Compilation(ProcessingEnvironment environment) {
        this.elements = environment.getElementUtils();
        this.types = environment.getTypeUtils();
    }

    Elements elements() {
        return elements;
    }

    Types types() {
        return types;
    }

    /** The type with a binary name; null if it is not on the class path. */
    @Nullable
    TypeElement type(String name) {
        return known.computeIfAbsent(name, one -> Optional.ofNullable(elements.getTypeElement(one.replace('$', '.'))))
                .orElse(null);
    }

    /** Those that it has and those that it inherits. */
    List<ExecutableElement> publicMethods(TypeElement type) {
        return publicMethods.computeIfAbsent(type, one -> ElementFilter.methodsIn(elements.getAllMembers(one)).stream()
                .filter(method -> method.getModifiers().contains(Modifier.PUBLIC))
                .toList());
    }

    /** The type that a member belongs to. */
    static TypeElement owner(Element member) {
        return (TypeElement) Objects.requireNonNull(member.getEnclosingElement(), "a member has an owner");
    }

    TypeMirror object() {
        return elements.getTypeElement("java.lang.Object").asType();
    }

    CompiledType intType() {
        return new CompiledType(this, types.getPrimitiveType(TypeKind.INT));
    }

    @Nullable
    TypeElement superclass(TypeElement type) {
        return type.getSuperclass() instanceof DeclaredType above && above.asElement() instanceof TypeElement found
                ? found
                : null;
    }

    boolean isKotlin(Element type) {
        return type.getAnnotationMirrors().stream().anyMatch(one -> name(one).equals("kotlin.Metadata"));
    }

    /** Whether Lombok may add members. */
    boolean hasLombok(Element element) {
        return element.getAnnotationMirrors().stream().anyMatch(one -> name(one).startsWith("lombok."));
    }

    /** The binary name of an annotation's type. */
    String name(AnnotationMirror annotation) {
        return annotation.getAnnotationType().asElement() instanceof TypeElement type
                ? elements.getBinaryName(type).toString()
                : "";
    }
}
