package io.lockweave.spring.aop;

import io.lockweave.LockUsageException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Something that must hold wherever {@code @Locked} stands on a bean.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public interface PlacementRule {

    /**
     * Fails if the lock of this method would not work.
     *
     * @param type the bean's own class
     * @param bean the bean as others get it; null if it is not made yet
     */
    void check(Class<?> type, Method method, @Nullable Object bean) throws LockUsageException;
}
