package io.lockweave.spring.actuate;

import io.lockweave.LockOutage;
import io.lockweave.Locks;
import io.lockweave.spring.backend.ApplicationLocks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.util.ClassUtils;

/**
 * Whether the store of the primary locks answers, for Spring Boot 3.5. The types of health moved to another package in
 * Spring Boot 4, with which this is compiled, so those of before are used by their names.
 */
final class Boot35Health implements FactoryBean<Object>, InvocationHandler {

    static final String INDICATOR = "org.springframework.boot.actuate.health.HealthIndicator";
    static final String HEALTH = "org.springframework.boot.actuate.health.Health";

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private final ApplicationLocks locks;
    private final Class<?> indicator;
    private final Class<?> health;

    Boot35Health(ApplicationLocks locks) {
        this.locks = locks;
        this.indicator = type(INDICATOR);
        this.health = type(HEALTH);
    }

    static Class<?> type(String name) {
        return ClassUtils.resolveClassName(name, Boot35Health.class.getClassLoader());
    }

    @Override
    public Object getObject() {
        return Proxy.newProxyInstance(indicator.getClassLoader(), new Class<?>[] {indicator}, this);
    }

    @Override
    public Class<?> getObjectType() {
        return indicator;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, args);
        }
        return switch (method.getName()) {
            case "health" -> health();
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "locks";
        };
    }

    private Object health() throws ReflectiveOperationException {
        Object builder = health.getMethod("up").invoke(null);
        Class<?> type = builder.getClass();
        Locks primary = locks.get("");
        Method withDetail = type.getMethod("withDetail", String.class, Object.class);
        withDetail.invoke(builder, "backend", primary.backend());
        LockOutage outage = primary.outage().orElse(null);
        if (outage != null) {
            withDetail.invoke(builder, "outage", LockReport.describe(outage));
        }
        try {
            primary.inspect(ApplicationLocks.PROBE);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The store of the locks does not answer", e);
            type.getMethod("down", Throwable.class).invoke(builder, e);
        }
        return type.getMethod("build").invoke(builder);
    }
}
