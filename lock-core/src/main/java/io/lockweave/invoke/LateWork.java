package io.lockweave.invoke;

import io.lockweave.check.ReflectedType;
import io.lockweave.check.ResultCheck;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;

/** Results whose work goes on, or only begins, after the method that made them has returned. */
final class LateWork {

    private static final List<Class<?>> TYPES = List.of(
            Future.class,
            CompletionStage.class,
            BaseStream.class,
            Iterator.class,
            Spliterator.class,
            Enumeration.class,
            Flow.Publisher.class,
            Callable.class,
            Supplier.class);

    /** By class, since results of general types are asked at every call. */
    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return ResultCheck.isLate(ReflectedType.of(type));
        }
    };

    private LateWork() {}

    static boolean is(Class<?> type) {
        return KNOWN.get(type);
    }

    /** Whether a declared type is so general that what is returned may be such work, or carry it. */
    static boolean mayBe(Class<?> declared) {
        return TYPES.stream().anyMatch(declared::isAssignableFrom) || Envelopes.is(declared);
    }

    /** Whether an object is such work, or carries it where its type need not say so: {@code ResponseEntity<?>}. */
    static boolean isOrCarries(Object value) {
        Object inner = Envelopes.content(value);
        return is(value.getClass()) || (inner != null && isOrCarries(inner));
    }
}
