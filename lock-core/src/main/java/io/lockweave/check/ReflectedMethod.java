package io.lockweave.check;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.core.ResolvableType;

/**
 * A method by reflection.
 *
 * @param owner the type whose type arguments count
 */
public record ReflectedMethod(Method method, ResolvableType owner) implements MethodModel {

    private static final String KOTLIN = "kotlin.Metadata";

    /** The method of the class that declares it. */
    public static ReflectedMethod of(Method method) {
        return new ReflectedMethod(method, ResolvableType.forClass(method.getDeclaringClass()));
    }

    @Override
    public String name() {
        return method.getName();
    }

    @Override
    public TypeModel declaringType() {
        return ReflectedType.of(method.getDeclaringClass());
    }

    @Override
    public List<ReflectedType> parameterTypes() {
        return IntStream.range(0, method.getParameterCount())
                .mapToObj(i -> new ReflectedType(
                        ResolvableType.forType(
                                method.getGenericParameterTypes().length == method.getParameterCount()
                                        ? method.getGenericParameterTypes()[i]
                                        : method.getParameterTypes()[i],
                                owner),
                        method.getParameterTypes()[i]))
                .toList();
    }

    @Override
    public ParameterNames parameterNames() {
        Parameter[] parameters = method.getParameters();
        return new ParameterNames(
                Stream.of(parameters).map(Parameter::getName).toList(),
                Stream.of(parameters).allMatch(Parameter::isNamePresent),
                isKotlin(method.getDeclaringClass()));
    }

    /** Whether Kotlin's compiler made the class. */
    static boolean isKotlin(Class<?> type) {
        return Stream.of(type.getDeclaredAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(annotation -> annotation.getName().equals(KOTLIN));
    }

    @Override
    public ReflectedType result() {
        return new ReflectedType(ResolvableType.forType(method.getGenericReturnType(), owner), method.getReturnType());
    }

    @Override
    public boolean isStatic() {
        return Modifier.isStatic(method.getModifiers());
    }

    @Override
    public boolean isVarArgs() {
        return method.isVarArgs();
    }

    @Override
    public boolean isSynthetic() {
        return method.isSynthetic();
    }
}
