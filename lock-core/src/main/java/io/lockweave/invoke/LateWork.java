package io.lockweave.invoke;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /** Types of libraries that need not be there. */
    private static final Set<String> NAMES = Set.of(
            "org.reactivestreams.Publisher",
            "io.reactivex.rxjava3.core.CompletableSource",
            "io.reactivex.rxjava3.core.MaybeSource",
            "io.reactivex.rxjava3.core.ObservableSource",
            "io.reactivex.rxjava3.core.SingleSource",
            "io.reactivex.CompletableSource",
            "io.reactivex.MaybeSource",
            "io.reactivex.ObservableSource",
            "io.reactivex.SingleSource",
            "rx.Completable",
            "rx.Observable",
            "rx.Single",
            "io.smallrye.mutiny.Multi",
            "io.smallrye.mutiny.Uni",
            "io.vertx.core.Future",
            "kotlin.sequences.Sequence",
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow",
            "scala.concurrent.Future",
            "jakarta.ws.rs.core.StreamingOutput",
            "javax.ws.rs.core.StreamingOutput",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    /** By class, since results of general types are asked at every call. */
    private static final ClassValue<Boolean> KNOWN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return TYPES.stream().anyMatch(late -> late.isAssignableFrom(type)) || hasName(type);
        }
    };

    private LateWork() {}

    static boolean is(Class<?> type) {
        return KNOWN.get(type);
    }

    /** As the compiler of Kotlin leaves it. */
    static boolean isSuspending(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return parameters.length > 0
                && parameters[parameters.length - 1].getName().equals("kotlin.coroutines.Continuation");
    }

    /** Whether a declared type is so general that what is returned may be such work, or carry it. */
    static boolean mayBe(Class<?> declared) {
        return TYPES.stream().anyMatch(declared::isAssignableFrom) || Envelopes.is(declared);
    }

    /** Whether such work is in what a declared type has as elements or type arguments: {@code Optional<Future<T>>}. */
    static boolean isIn(Type declared) {
        if (declared instanceof ParameterizedType typed) {
            return typed.getRawType() != Class.class
                    && Stream.of(typed.getActualTypeArguments()).anyMatch(one -> isOrIsIn(one, new HashSet<>()));
        }
        return isElement(declared, new HashSet<>());
    }

    private static boolean isOrIsIn(Type type, Set<Type> seen) {
        if (!seen.add(type)) {
            return false; // a type variable that is its own bound
        }
        if (type instanceof Class<?> plain) {
            return is(plain) || isElement(plain, seen);
        }
        if (type instanceof ParameterizedType typed) {
            return typed.getRawType() != Class.class
                    && (isOrIsIn(typed.getRawType(), seen) || anyIn(typed.getActualTypeArguments(), seen));
        }
        if (type instanceof WildcardType wildcard) {
            return anyIn(wildcard.getUpperBounds(), seen);
        }
        return type instanceof TypeVariable<?> variable ? anyIn(variable.getBounds(), seen) : isElement(type, seen);
    }

    private static boolean isElement(Type type, Set<Type> seen) {
        Type element = type instanceof GenericArrayType array
                ? array.getGenericComponentType()
                : type instanceof Class<?> plain ? plain.getComponentType() : null;
        return element != null && isOrIsIn(element, seen);
    }

    private static boolean anyIn(Type[] types, Set<Type> seen) {
        return Stream.of(types).anyMatch(one -> isOrIsIn(one, seen));
    }

    /** Whether an object is such work, or carries it where its type need not say so: {@code ResponseEntity<?>}. */
    static boolean isOrCarries(Object value) {
        Object inner = Envelopes.content(value);
        return is(value.getClass()) || (inner != null && isOrCarries(inner));
    }

    private static boolean hasName(@Nullable Class<?> type) {
        return type != null
                && (NAMES.contains(type.getName())
                        || hasName(type.getSuperclass())
                        || Stream.of(type.getInterfaces()).anyMatch(LateWork::hasName));
    }
}
