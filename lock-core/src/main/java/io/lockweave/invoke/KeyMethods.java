package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.expression.spel.support.ReflectiveMethodResolver;

/**
 * Methods in expressions. Of overloads that fit alike the first counts, so that their order must not be the JVM's, which is
 * another in each.
 */
final class KeyMethods extends ReflectiveMethodResolver {

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
}
