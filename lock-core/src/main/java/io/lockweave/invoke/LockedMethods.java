package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The locked methods read so far. Kept with the class that declares them, so that they go when its class loader goes. One that
 * is wrong is not kept: every call fails alike.
 */
final class LockedMethods {

    private final LockedMethodReader reader;

    private final ClassValue<Map<Method, LockedMethod>> byClass = new ClassValue<>() {
        @Override
        protected Map<Method, LockedMethod> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    LockedMethods(LockedMethodReader reader) {
        this.reader = reader;
    }

    LockedMethod get(Method method) {
        Map<Method, LockedMethod> known = byClass.get(method.getDeclaringClass());
        LockedMethod locked = known.get(method);
        return locked != null ? locked : known.computeIfAbsent(method, reader::read);
    }
}
