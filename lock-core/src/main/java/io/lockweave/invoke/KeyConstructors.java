package io.lockweave.invoke;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.expression.AccessException;
import org.springframework.expression.ConstructorExecutor;
import org.springframework.expression.ConstructorResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.ReflectiveConstructorExecutor;
import org.springframework.util.ClassUtils;

/**
 * Constructors in expressions, chosen for each call by its arguments. SpEL's own resolver takes one of several that fit
 * by the order in which the JVM lists them, and the expression then keeps it for arguments of any type.
 */
final class KeyConstructors implements ConstructorResolver {

    @Override
    public ConstructorExecutor resolve(EvaluationContext context, String type, List<TypeDescriptor> first) {
        return (now, arguments) -> construct(now, type, arguments);
    }

    private static TypedValue construct(EvaluationContext context, String type, @Nullable Object... arguments)
            throws AccessException {
        List<Constructor<?>> all = Stream.of(
                        context.getTypeLocator().findType(type).getConstructors())
                .filter(one -> takes(one, arguments.length))
                .toList();
        Constructor<?> only = all.size() == 1 ? all.get(0) : mostSpecific(all, arguments);
        if (only == null) {
            throw new EvaluationException("new " + type + " with " + Arrays.toString(types(arguments)) + " fits "
                    + (all.isEmpty() ? "no public constructor" : "several public constructors alike, or none"));
        }
        return new ReflectiveConstructorExecutor(only).execute(context, arguments);
    }

    private static boolean takes(Constructor<?> one, int arguments) {
        int parameters = one.getParameterCount();
        return parameters == arguments || (one.isVarArgs() && arguments >= parameters - 1);
    }

    /** As the compiler chooses, by the classes of the arguments. */
    private static @Nullable Constructor<?> mostSpecific(List<Constructor<?>> all, @Nullable Object[] arguments) {
        List<Constructor<?>> fitting = all.stream()
                .filter(one -> fits(one.getParameterTypes(), arguments))
                .toList();
        List<Constructor<?>> best = fitting.stream()
                .filter(one -> fitting.stream()
                        .allMatch(other -> isNarrower(one.getParameterTypes(), other.getParameterTypes())))
                .toList();
        return best.size() == 1 ? best.get(0) : null;
    }

    private static boolean fits(Class<?>[] parameters, @Nullable Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!ClassUtils.isAssignableValue(parameters[i], arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNarrower(Class<?>[] parameters, Class<?>[] others) {
        for (int i = 0; i < parameters.length; i++) {
            if (!ClassUtils.resolvePrimitiveIfNecessary(others[i])
                    .isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(parameters[i]))) {
                return false;
            }
        }
        return true;
    }

    private static Class<?>[] types(@Nullable Object[] arguments) {
        return Stream.of(arguments)
                .map(one -> one == null ? Void.class : one.getClass())
                .toArray(Class<?>[]::new);
    }
}
