package io.lockweave.coroutine;

import io.lockweave.LockUsageException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Optional;
import kotlin.coroutines.jvm.internal.BaseContinuationImpl;
import org.jspecify.annotations.Nullable;

/**
 * Calls by which a suspending function goes on. Kotlin's compiler puts the state of such a function into a continuation
 * of its own; that one calls the function again to go on after a suspension, and marks this by the sign of its field
 * {@code label}. The function reads the mark and removes it. Such a call runs under the lock already.
 */
public final class Resumption {

    private static final ClassValue<Optional<Field>> LABEL = new ClassValue<>() {
        @Override
        protected Optional<Field> computeValue(Class<?> type) {
            return label(type);
        }
    };

    private Resumption() {}

    /**
     * Whether a call with this as its last argument goes on with an earlier one.
     *
     * @throws LockUsageException if a closed module hides that
     */
    public static boolean is(@Nullable Object last) {
        if (!(last instanceof BaseContinuationImpl)) {
            return false;
        }
        Field label = LABEL.get(last.getClass()).orElse(null);
        try {
            return label != null && label.getInt(last) < 0;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // it was made accessible
        }
    }

    private static Optional<Field> label(Class<?> type) {
        try {
            Field field = type.getDeclaredField("label");
            field.setAccessible(true);
            return field.getType() == int.class ? Optional.of(field) : Optional.empty();
        } catch (NoSuchFieldException e) {
            return Optional.empty();
        } catch (InaccessibleObjectException e) {
            throw new LockUsageException(
                    "The state of a suspending function, " + type.getName() + ", is not accessible",
                    "open its package to Lockweave in module-info",
                    e);
        }
    }
}
