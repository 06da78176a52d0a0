package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The locked methods read so far. Kept with the class that declares them, so that they go when its class loader goes.
 * One that is wrong is not kept: every call fails alike.
 */
final class LockedMethods {

    private final LockedMethodReader reader;

    /** What classes keep for this, which may live longer: to be emptied at the end. */
    private final Set<OfClass> kept = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final ClassValue<OfClass> byClass = new ClassValue<>() {
        @Override
        protected OfClass computeValue(Class<?> type) {
            OfClass made = new OfClass();
            kept.add(made);
            return made;
        }
    };

    LockedMethods(LockedMethodReader reader) {
        this.reader = reader;
    }

    LockedMethod get(Method method) {
        Map<Method, LockedMethod> known = byClass.get(method.getDeclaringClass()).methods;
        LockedMethod locked = known.get(method);
        return locked != null ? locked : known.computeIfAbsent(method, reader::read);
    }

    void forget() {
        synchronized (kept) { // what iterating over such a set asks for; nobody waits in here
            kept.forEach(ofClass -> ofClass.methods.clear());
        }
    }

    /** The methods of one class. */
    private static final class OfClass {
        final Map<Method, LockedMethod> methods = new ConcurrentHashMap<>();
    }
}
