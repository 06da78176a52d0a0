package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.check.KeyRefusal;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one {@code @Locked} of a method locks: name, key and condition.
 *
 * @param name the name of its keys
 * @param whole the key of the whole name, used if there is no expression
 * @param value the expression of the key's value, or null
 * @param condition false: this lock is not taken; null: always taken
 */
record KeyedLock(
        String name,
        LockKey whole,
        @Nullable MethodExpression value,
        @Nullable MethodExpression condition) {

    /** The keys of one call; none if the condition does not hold. */
    KeysOfCall keys(CallContext call) {
        if (condition != null && !holds(condition, call)) {
            return KeysOfCall.NONE;
        }
        if (value == null) {
            return new KeysOfCall.One(whole);
        }
        Object result = value.value(call);
        if (result instanceof Long || result instanceof String || result instanceof Integer) {
            return new KeysOfCall.One(
                    key(value.place(), result)); // most keys: the questions below take longer than all of this
        }
        if (result instanceof Optional<?> optional) {
            result = optional.orElse(null);
        }
        if (result instanceof Collection<?> all) {
            return keys(value.place(), new ArrayList<>(all));
        }
        if (result instanceof byte[] || result instanceof char[]) {
            throw KeyRefusal.elements(value.place(), result.getClass().getSimpleName());
        }
        if (result != null && result.getClass().isArray()) {
            List<@Nullable Object> all = new ArrayList<>();
            for (int i = 0; i < Array.getLength(result); i++) {
                all.add(Array.get(result, i));
            }
            return keys(value.place(), all);
        }
        return new KeysOfCall.One(key(value.place(), result));
    }

    private KeysOfCall keys(String place, List<? extends @Nullable Object> values) {
        if (values.isEmpty()) {
            throw new LockUsageException(
                    place + " is empty, so there is nothing to lock",
                    "call the method with at least one element, or leave the lock out with a condition");
        }
        List<LockKey> keys = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            keys.add(key(place + ", element " + i, values.get(i)));
        }
        return KeysOfCall.of(keys);
    }

    private LockKey key(String place, @Nullable Object one) {
        if (one == null || (one instanceof CharSequence text && text.toString().isBlank())) {
            throw new LockUsageException(
                    place + " is " + (one == null ? "null" : "blank"),
                    "lock on something that is always there, check it before the call, or leave the lock out with a"
                            + " condition");
        }
        try {
            return LockKey.of(name, one);
        } catch (LockUsageException e) {
            throw KeyRefusal.at(place, e);
        }
    }

    private static boolean holds(MethodExpression condition, CallContext call) {
        if (condition.value(call) instanceof Boolean yes) {
            return yes;
        }
        throw KeyRefusal.noCondition(condition.place());
    }
}
