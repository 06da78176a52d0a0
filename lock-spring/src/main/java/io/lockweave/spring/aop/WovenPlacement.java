package io.lockweave.spring.aop;

import io.lockweave.WeavingCheck;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Every bean with locked methods must be woven when the application counts on it.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class WovenPlacement implements PlacementRule {

    @Override
    public void check(Class<?> type, Method method, @Nullable Object bean) {
        WeavingCheck.require(type);
    }
}
