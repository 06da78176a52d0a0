package io.lockweave;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The text of several parts: of records, by their components, and of composite keys. */
final class RecordText {

    private RecordText() {}

    /** By its components, unless it has a toString that was not generated. */
    static @Nullable String of(Record value) {
        List<@Nullable Object> parts = new ArrayList<>();
        StringJoiner generated = new StringJoiner(", ", value.getClass().getSimpleName() + "[", "]");
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = read(component, value);
            parts.add(part);
            generated.add(component.getName() + "=" + part);
        }
        return value.toString().equals(generated.toString()) ? ofAll(parts) : null;
    }

    private static @Nullable Object read(RecordComponent component, Record value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            throw new LockUsageException(
                    "is a " + value.getClass().getName() + ", whose components are not accessible",
                    "open its package to Lockweave in module-info, or lock on what identifies it",
                    e);
        } catch (InvocationTargetException e) {
            throw new LockUsageException(
                    "is a " + value.getClass().getName() + ", whose " + component.getName() + " cannot be read: "
                            + e.getCause(),
                    "lock on something that identifies it",
                    e);
        }
    }

    /** {@code (acme,42)}: no two lists of texts have the same one. */
    static String ofAll(Collection<? extends @Nullable Object> parts) {
        StringJoiner all = new StringJoiner(",", "(", ")");
        int number = 0;
        for (Object part : parts) {
            number++;
            try {
                all.add(CanonicalText.of(part).replace("\\", "\\\\").replace(",", "\\,"));
            } catch (LockUsageException e) {
                throw new LockUsageException("has a part " + number + " that " + e.problem(), e.remedy(), e);
            }
        }
        return all.toString();
    }
}
