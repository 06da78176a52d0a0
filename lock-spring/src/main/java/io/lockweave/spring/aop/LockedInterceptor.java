package io.lockweave.spring.aop;

import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spi.container.LockedBody;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.MethodClassKey;

/**
 * Hands the calls of locked methods to the invoker. Safe for use from any thread.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class LockedInterceptor implements MethodInterceptor {

    private final Supplier<LockedInvoker> invoker;

    /** The method whose annotation counts, by the one that was called. */
    private final Map<MethodClassKey, Method> called = new ConcurrentHashMap<>();

    public LockedInterceptor(Supplier<LockedInvoker> invoker) {
        this.invoker = invoker;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? null : target.getClass();
        Method method = called.computeIfAbsent(
                new MethodClassKey(invocation.getMethod(), type),
                key -> LockedPointcut.lockedMethod(invocation.getMethod(), type));
        return invoker.get().invoke(method, target, invocation.getArguments(), body(invocation));
    }

    /** An invocation can go on once; a reactive result goes on each time it is subscribed to. */
    private static LockedBody body(MethodInvocation invocation) {
        return invocation instanceof ProxyMethodInvocation proxy
                ? () -> proxy.invocableClone().proceed()
                : invocation::proceed;
    }
}
