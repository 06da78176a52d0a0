package io.lockweave.spring.coroutine;

import io.lockweave.LockScope;
import io.lockweave.coroutine.LockScopeElement;
import io.lockweave.invoke.LockedInvoker;
import java.lang.reflect.Method;
import kotlin.coroutines.Continuation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;

/**
 * Suspending functions of Kotlin whose interceptors see a {@link Mono}: Spring calls them so where
 * kotlinx-coroutines-reactor is.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class PublishedFunctions {

    private static final boolean PUBLISHED =
            ClassUtils.isPresent("kotlinx.coroutines.reactor.MonoKt", ProxyMethodInvocation.class.getClassLoader());

    private PublishedFunctions() {}

    /** Whether it is one. */
    public static boolean is(Method method) {
        return PUBLISHED && KotlinDetector.isSuspendingFunction(method);
    }

    /** Runs it under its locks. */
    @SuppressWarnings("unchecked")
    public static @Nullable Object invoke(LockedInvoker invoker, Method method, ProxyMethodInvocation invocation)
            throws Throwable {
        @Nullable Object[] args = invocation.getArguments().clone();
        int last = args.length - 1;
        Continuation<@Nullable Object> caller = (Continuation<@Nullable Object>) args[last];
        PublishedCall own = new PublishedCall(caller);
        args[last] = own;
        Object result = invoker.publish(
                method,
                invocation.getThis(),
                args,
                () -> invocation.invocableClone(args).proceed(),
                Mono.class,
                own::of);
        LockScope around = LockScopeElement.in(caller.getContext());
        return around != null && result instanceof Mono<?> mono
                ? mono.contextWrite(context -> context.put(LockScope.class, around))
                : result;
    }
}
