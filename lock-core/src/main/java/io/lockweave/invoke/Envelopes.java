package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Results that carry another: {@link Optional}, and what Spring's web controllers return. */
final class Envelopes {

    private static final String HTTP_ENTITY = "org.springframework.http.HttpEntity";

    /** How to read the body of a class; null for all but HTTP entities. */
    private static final ClassValue<Optional<Method>> BODY = new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
            for (Class<?> one = type; one != null; one = one.getSuperclass()) {
                if (one.getName().equals(HTTP_ENTITY)) {
                    try {
                        return Optional.of(one.getMethod("getBody"));
                    } catch (NoSuchMethodException e) {
                        return Optional.empty(); // somebody else's class of that name
                    }
                }
            }
            return Optional.empty();
        }
    };

    private Envelopes() {}

    static boolean is(Class<?> type) {
        return type == Optional.class || BODY.get(type).isPresent();
    }

    /** What it carries; null if nothing. */
    static @Nullable Object content(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.orElse(null);
        }
        Method body = BODY.get(value.getClass()).orElse(null);
        try {
            return body == null ? null : body.invoke(value);
        } catch (ReflectiveOperationException e) {
            return null; // a body that cannot be read does not work either
        }
    }
}
