package io.lockweave.spring;

import io.lockweave.LockUsageException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Something that must hold wherever {@code @Locked} stands on a bean. */
interface PlacementRule {

    /**
     * Fails if the lock of this method would not work.
     *
     * @param type the bean's own class
     * @param bean the bean as others get it; null if it is not made yet
     */
    void check(Class<?> type, Method method, @Nullable Object bean) throws LockUsageException;
}
