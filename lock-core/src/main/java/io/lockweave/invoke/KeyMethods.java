package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.expression.AccessException;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.MethodExecutor;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.support.ReflectiveMethodResolver;

/**
 * Methods in expressions, so that they mean the same in every JVM: the first of overloads that fit alike is not the
 * JVM's first, {@code toString()} gives the canonical text, and texts change their case and are formatted without the
 * JVM's locale.
 */
final class KeyMethods extends ReflectiveMethodResolver {

    private static final Set<String> BY_LOCALE = Set.of("toLowerCase", "toUpperCase");
    private static final TypeDescriptor LOCALE = TypeDescriptor.valueOf(Locale.class);

    private static final ClassValue<Method[]> IN_ORDER = new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
            return Stream.of(type.getMethods())
                    .sorted(Comparator.comparing(Method::toString))
                    .toArray(Method[]::new);
        }
    };

    @Override
    protected Method[] getMethods(Class<?> type) {
        return IN_ORDER.get(type);
    }

    @Override
    public @Nullable MethodExecutor resolve(
            EvaluationContext context, Object target, String name, List<TypeDescriptor> types) throws AccessException {
        if (types.isEmpty() && name.equals("toString")) {
            return (now, value, none) -> new TypedValue(KeyTree.text(value, "toString()"));
        }
        if (types.isEmpty() && target instanceof String && BY_LOCALE.contains(name)) {
            return with(super.resolve(context, target, name, List.of(LOCALE)), Locale.ROOT);
        }
        if (target == String.class && name.equals("valueOf") && types.size() == 1) {
            return (now, value, arguments) -> new TypedValue(KeyTree.text(arguments[0], "String.valueOf"));
        }
        if (target == String.class && name.equals("format") && !startsWithLocale(types)) {
            return (now, value, arguments) -> new TypedValue(format(arguments[0], arguments, 1));
        }
        if (target instanceof String && name.equals("formatted")) {
            return (now, value, arguments) -> new TypedValue(format(value, arguments, 0));
        }
        return super.resolve(context, target, name, types);
    }

    private static boolean startsWithLocale(List<TypeDescriptor> types) {
        return !types.isEmpty() && types.get(0) != null && types.get(0).getType() == Locale.class;
    }

    private static @Nullable MethodExecutor with(@Nullable MethodExecutor found, Locale locale) {
        return found == null ? null : (now, value, none) -> found.execute(now, value, locale);
    }

    private static String format(@Nullable Object pattern, @Nullable Object[] arguments, int first) {
        return String.format(
                Locale.ROOT,
                String.valueOf(pattern),
                Stream.of(arguments).skip(first).map(KeyMethods::formattable).toArray());
    }

    /** Numbers keep their type for the pattern; all else is formatted as its canonical text. */
    private static Object formattable(@Nullable Object argument) {
        if (argument instanceof Double || argument instanceof Float) {
            return new BigDecimal(KeyTree.text(argument, "String.format"));
        }
        if (argument instanceof Integer
                || argument instanceof Long
                || argument instanceof Short
                || argument instanceof Byte
                || argument instanceof BigInteger
                || argument instanceof BigDecimal
                || argument instanceof Character
                || argument instanceof Boolean) {
            return argument;
        }
        return KeyTree.text(argument, "String.format");
    }
}
