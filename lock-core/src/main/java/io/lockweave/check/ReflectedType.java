package io.lockweave.check;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * A type by reflection.
 *
 * @param type with its type arguments
 * @param erasure as a class
 */
public record ReflectedType(ResolvableType type, Class<?> erasure) implements TypeModel {

    /** A type with all that is known of its type arguments; what is not known is its erasure. */
    public ReflectedType {
        Class<?> resolved = type.resolve();
        if (resolved != null && erasure.isAssignableFrom(resolved)) {
            erasure = resolved;
        }
    }

    /** A class, without type arguments. */
    public static ReflectedType of(Class<?> type) {
        return new ReflectedType(ResolvableType.forClass(type), type);
    }

    private static ReflectedType of(ResolvableType type) {
        return new ReflectedType(type, type.resolve(Object.class));
    }

    @Override
    public String name() {
        return erasure.getName();
    }

    @Override
    public String simpleName() {
        return erasure.getSimpleName();
    }

    @Override
    public String text() {
        return type.getType().getTypeName();
    }

    @Override
    public boolean is(String name) {
        return isOrExtends(erasure, name) || (name.equals("java.lang.Object") && !erasure.isPrimitive());
    }

    private static boolean isOrExtends(@Nullable Class<?> type, String name) {
        return type != null
                && (type.getName().equals(name)
                        || isOrExtends(type.getSuperclass(), name)
                        || Stream.of(type.getInterfaces()).anyMatch(above -> isOrExtends(above, name)));
    }

    @Override
    public boolean isPrimitive() {
        return erasure.isPrimitive();
    }

    @Override
    public boolean isAbstract() {
        return erasure == Object.class
                || (!erasure.isArray() && !erasure.isPrimitive() && Modifier.isAbstract(erasure.getModifiers()));
    }

    @Override
    public boolean isFinal() {
        return Modifier.isFinal(erasure.getModifiers());
    }

    @Override
    public @Nullable TypeModel element() {
        return erasure.isArray() ? new ReflectedType(type.getComponentType(), erasure.getComponentType()) : null;
    }

    @Override
    public List<TypeModel> arguments() {
        return arguments(type);
    }

    @Override
    public List<TypeModel> arguments(String above) {
        Class<?> found = above(erasure, above);
        return found == null ? List.of() : arguments(type.as(found));
    }

    private static List<TypeModel> arguments(ResolvableType type) {
        return Stream.of(type.getGenerics()).<TypeModel>map(ReflectedType::of).toList();
    }

    private static @Nullable Class<?> above(@Nullable Class<?> type, String name) {
        if (type == null || type.getName().equals(name)) {
            return type;
        }
        return Stream.concat(Stream.ofNullable(type.getSuperclass()), Stream.of(type.getInterfaces()))
                .map(one -> above(one, name))
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
    }

    @Override
    public boolean hasText() {
        try {
            return erasure.isPrimitive() || erasure.getMethod("toString").getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    @Override
    public @Nullable TypeModel property(String name) {
        for (ReflectedMethod method : publicMethods()) {
            if (Properties.reads(method, name)) {
                return method.result();
            }
        }
        for (Field field : erasure.getFields()) {
            if (field.getName().equals(name)) {
                return new ReflectedType(
                        ResolvableType.forType(field.getGenericType(), type.as(field.getDeclaringClass())),
                        field.getType());
            }
        }
        return erasure.isArray() && name.equals("length") ? of(int.class) : null;
    }

    @Override
    public List<String> properties() {
        return Properties.of(
                publicMethods(),
                Stream.of(erasure.getFields())
                        .filter(field -> !Modifier.isStatic(field.getModifiers()))
                        .map(Field::getName)
                        .toList());
    }

    @Override
    public boolean hides(String property) {
        for (Class<?> one = erasure; one != null && one != Object.class; one = one.getSuperclass()) {
            if (Stream.of(one.getDeclaredFields())
                            .anyMatch(field -> field.getName().equals(property))
                    || Stream.of(one.getDeclaredMethods())
                            .anyMatch(method -> Properties.reads(ReflectedMethod.of(method), property))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isUnfinished() {
        return false;
    }

    @Override
    public List<ReflectedMethod> publicMethods() {
        return methods(erasure.getMethods());
    }

    @Override
    public List<ReflectedMethod> declaredMethods() {
        return methods(erasure.getDeclaredMethods());
    }

    private List<ReflectedMethod> methods(Method[] methods) {
        List<ReflectedMethod> all = new ArrayList<>();
        for (Method method : methods) {
            all.add(new ReflectedMethod(method, type.as(method.getDeclaringClass())));
        }
        return all;
    }

    @Override
    public @Nullable TypeModel superclass() {
        Class<?> above = erasure.getSuperclass();
        return above == null ? null : of(above);
    }
}
