package io.lockweave.processor;

import io.lockweave.check.Properties;
import io.lockweave.check.TypeModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** A type as the compiler knows it. */
final class CompiledType implements TypeModel {

    private static final Set<String> LOMBOK_TEXTS = Set.of("lombok.Data", "lombok.Value", "lombok.ToString");

    private final Compilation compilation;
    private final TypeMirror type;
    private final @Nullable TypeElement element;

    CompiledType(Compilation compilation, TypeMirror type) {
        this.compilation = compilation;
        this.type = bound(type);
        this.element = this.type instanceof DeclaredType declared && declared.asElement() instanceof TypeElement found
                ? found
                : null;
    }

    private TypeMirror bound(TypeMirror declared) {
        if (declared instanceof TypeVariable variable) {
            return bound(variable.getUpperBound());
        }
        if (declared instanceof WildcardType wildcard) {
            TypeMirror above =
                    wildcard.getExtendsBound() == null ? wildcard.getSuperBound() : wildcard.getExtendsBound();
            return above == null ? compilation.object() : bound(above);
        }
        return declared instanceof IntersectionType all ? bound(all.getBounds().get(0)) : declared;
    }

    private CompiledType of(TypeMirror other) {
        return new CompiledType(compilation, other);
    }

    @Override
    public String name() {
        if (element != null) {
            return compilation.elements().getBinaryName(element).toString();
        }
        if (type instanceof ArrayType array) {
            TypeModel one = of(array.getComponentType());
            return "["
                    + (one.isPrimitive()
                            ? code(one.name())
                            : one.element() != null ? one.name() : "L" + one.name() + ";");
        }
        return text();
    }

    private static String code(String primitive) {
        return switch (primitive) {
            case "boolean" -> "Z";
            case "long" -> "J";
            default -> primitive.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
        };
    }

    @Override
    public String simpleName() {
        if (element != null) {
            return element.getSimpleName().toString();
        }
        return type instanceof ArrayType array ? of(array.getComponentType()).simpleName() + "[]" : text();
    }

    /** Without annotations, which some compilers write into it. */
    @Override
    public String text() {
        if (type instanceof ArrayType array) {
            return of(array.getComponentType()).text() + "[]";
        }
        if (element == null) {
            return type.getKind().isPrimitive() || type.getKind() == TypeKind.VOID
                    ? type.getKind().name().toLowerCase(java.util.Locale.ROOT)
                    : type.toString();
        }
        String arguments = String.join(
                ", ",
                ((DeclaredType) type)
                        .getTypeArguments().stream().map(this::argument).toList());
        return name() + (arguments.isEmpty() ? "" : "<" + arguments + ">");
    }

    private String argument(TypeMirror argument) {
        if (argument instanceof WildcardType wildcard) {
            return wildcard.getExtendsBound() != null
                    ? "? extends " + of(wildcard.getExtendsBound()).text()
                    : wildcard.getSuperBound() != null
                            ? "? super " + of(wildcard.getSuperBound()).text()
                            : "?";
        }
        return argument instanceof TypeVariable
                ? argument.toString()
                : of(argument).text();
    }

    @Override
    public boolean is(String name) {
        if (name().equals(name)
                || (name.equals("java.lang.Object") && !type.getKind().isPrimitive())) {
            return type.getKind() != TypeKind.VOID || name.equals("void");
        }
        TypeElement other = element == null ? null : compilation.type(name);
        return other != null
                && compilation
                        .types()
                        .isSubtype(
                                compilation.types().erasure(type),
                                compilation.types().erasure(other.asType()));
    }

    @Override
    public boolean isPrimitive() {
        return type.getKind().isPrimitive() || type.getKind() == TypeKind.VOID;
    }

    @Override
    public boolean isAbstract() {
        return element != null
                && (element.getKind().isInterface()
                        || element.getModifiers().contains(Modifier.ABSTRACT)
                        || element.getQualifiedName().contentEquals("java.lang.Object"));
    }

    @Override
    public boolean isFinal() {
        return element == null || element.getModifiers().contains(Modifier.FINAL);
    }

    @Override
    public @Nullable TypeModel element() {
        return type instanceof ArrayType array ? of(array.getComponentType()) : null;
    }

    @Override
    public List<TypeModel> arguments() {
        return arguments(type);
    }

    private List<TypeModel> arguments(TypeMirror declared) {
        return declared instanceof DeclaredType known
                ? known.getTypeArguments().stream().<TypeModel>map(this::of).toList()
                : List.of();
    }

    @Override
    public List<TypeModel> arguments(String above) {
        TypeMirror found = above(type, above);
        return found == null ? List.of() : arguments(found);
    }

    private @Nullable TypeMirror above(TypeMirror one, String name) {
        if (of(one).name().equals(name)) {
            return one;
        }
        for (TypeMirror next : compilation.types().directSupertypes(one)) {
            TypeMirror found = above(next, name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    public boolean hasText() {
        return element == null
                || hasLombok(LOMBOK_TEXTS)
                || publicMethods().stream()
                        .anyMatch(method -> method.name().equals("toString")
                                && method.parameterTypes().isEmpty()
                                && !method.declaringType().name().equals("java.lang.Object"));
    }

    @Override
    public @Nullable TypeModel property(String name) {
        for (CompiledMethod method : publicMethods()) {
            if (Properties.reads(method, name)) {
                return method.result();
            }
        }
        for (VariableElement field : fields()) {
            if (field.getSimpleName().contentEquals(name)
                    && (field.getModifiers().contains(Modifier.PUBLIC) || isLomboks(field))) {
                return of(compilation.types().asMemberOf((DeclaredType) type, field));
            }
        }
        return type instanceof ArrayType && name.equals("length") ? compilation.intType() : null;
    }

    @Override
    public List<String> properties() {
        return Properties.of(
                publicMethods(),
                fields().stream()
                        .filter(field -> field.getModifiers().contains(Modifier.PUBLIC) || isLomboks(field))
                        .filter(field -> !field.getModifiers().contains(Modifier.STATIC))
                        .map(field -> field.getSimpleName().toString())
                        .toList());
    }

    private List<VariableElement> fields() {
        return element == null
                ? List.of()
                : ElementFilter.fieldsIn(compilation.elements().getAllMembers(element));
    }

    /** Whether Lombok may give the field a getter that is not there yet. */
    private boolean isLomboks(VariableElement field) {
        return compilation.hasLombok(field) || compilation.hasLombok(Compilation.owner(field));
    }

    private boolean hasLombok(Set<String> names) {
        return element != null
                && element.getAnnotationMirrors().stream()
                        .map(AnnotationMirror::getAnnotationType)
                        .anyMatch(annotation -> names.contains(annotation.toString()));
    }

    @Override
    public boolean hides(String property) {
        for (TypeElement one = element; one != null; one = compilation.superclass(one)) {
            for (Element member : one.getEnclosedElements()) {
                boolean named = member.getSimpleName().contentEquals(property);
                if ((member.getKind() == ElementKind.FIELD && named)
                        || (member instanceof ExecutableElement method
                                && member.getKind() == ElementKind.METHOD
                                && Properties.reads(new CompiledMethod(compilation, method), property))) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public boolean isUnfinished() {
        if (type.getKind() == TypeKind.ERROR) {
            return true;
        }
        return element != null
                && compilation.types().directSupertypes(type).stream()
                        .anyMatch(above -> above.getKind() == TypeKind.ERROR
                                || (!above.toString().equals("java.lang.Object")
                                        && of(above).isUnfinished()));
    }

    @Override
    public List<CompiledMethod> publicMethods() {
        return element == null ? List.of() : methods(compilation.publicMethods(element));
    }

    @Override
    public List<CompiledMethod> declaredMethods() {
        return element == null ? List.of() : methods(ElementFilter.methodsIn(element.getEnclosedElements()));
    }

    private List<CompiledMethod> methods(List<ExecutableElement> members) {
        List<CompiledMethod> all = new ArrayList<>();
        for (ExecutableElement method : members) {
            all.add(new CompiledMethod(compilation, method, (DeclaredType) type));
        }
        return all;
    }

    @Override
    public @Nullable TypeModel superclass() {
        TypeElement above = element == null ? null : compilation.superclass(element);
        return above == null ? null : of(above.asType());
    }
}
