package io.lockweave.spring.aop;

import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spring.coroutine.PublishedFunctions;
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
    private final Map<MethodClassKey, Called> called = new ConcurrentHashMap<>();

    public LockedInterceptor(Supplier<LockedInvoker> invoker) {
        this.invoker = invoker;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? null : target.getClass();
        Called method = called.computeIfAbsent(
                new MethodClassKey(invocation.getMethod(), type),
                key -> new Called(
                        LockedPointcut.lockedMethod(invocation.getMethod(), type),
                        PublishedFunctions.is(invocation.getMethod())));
        if (!(invocation instanceof ProxyMethodInvocation proxy)) {
            return invoker.get().invoke(method.locked, target, invocation.getArguments(), invocation::proceed);
        }
        return method.published
                ? PublishedFunctions.invoke(invoker.get(), method.locked, proxy)
                : invoker.get().invoke(method.locked, target, invocation.getArguments(), new ProxiedBody(proxy));
    }

    /**
     * A method that was called.
     *
     * @param locked the one whose annotation counts
     * @param published whether it is a suspending function that Spring calls as a reactive method
     */
    private record Called(Method locked, boolean published) {}

    /** An invocation can go on once; a reactive result goes on each time it is subscribed to. */
    private record ProxiedBody(ProxyMethodInvocation invocation) implements LockedBody {

        @Override
        public @Nullable Object proceed() throws Throwable {
            return invocation.invocableClone().proceed();
        }

        @Override
        public @Nullable Object proceed(@Nullable Object[] args) throws Throwable {
            return invocation.invocableClone(args).proceed();
        }
    }
}
