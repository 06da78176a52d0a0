package io.lockweave.invoke;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.TypeConverter;
import org.springframework.expression.spel.support.StandardTypeConverter;

/**
 * Conversions of arguments in expressions. What becomes a text becomes its canonical one; what fits already stays as it
 * is; an {@link Optional} is not unpacked, which Spring 7 alone does.
 */
final class KeyConversions implements TypeConverter {

    private final TypeConverter standard = new StandardTypeConverter();

    @Override
    public boolean canConvert(@Nullable TypeDescriptor source, TypeDescriptor target) {
        boolean optional = source != null && source.getType() == Optional.class;
        return optional ? target.getType().isAssignableFrom(Optional.class) : standard.canConvert(source, target);
    }

    @Override
    public @Nullable Object convertValue(
            @Nullable Object value, @Nullable TypeDescriptor source, TypeDescriptor target) {
        Class<?> wanted = target.getType();
        if (wanted == Object.class || (value instanceof Optional<?> && wanted.isInstance(value))) {
            return value;
        }
        if (value instanceof Optional<?>) {
            throw new EvaluationException(
                    "an Optional does not become a " + wanted.getName() + " by itself; write orElse(...) or get()");
        }
        return wanted == String.class && value != null
                ? KeyTree.text(value, "text")
                : standard.convertValue(value, source, target);
    }
}
