package io.lockweave.invoke;

import java.lang.reflect.Method;
import java.util.Arrays;
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

    @SuppressWarnings("ReferenceEquality") // the quick look: what is equal and not the same is found below
    LockedMethod get(Method method) {
        OfClass ofClass = byClass.get(method.getDeclaringClass());
        for (Known known : ofClass.first) {
            if (known.method == method) {
                return known.locked;
            }
        }
        LockedMethod locked = ofClass.methods.get(method);
        if (locked == null) {
            locked = ofClass.methods.computeIfAbsent(method, reader::read);
            ofClass.remember(method, locked);
        }
        return locked;
    }

    void forget() {
        synchronized (kept) { // what iterating over such a set asks for; nobody waits in here
            kept.forEach(OfClass::forget);
        }
    }

    /** What was read of a method. */
    private record Known(Method method, LockedMethod locked) {}

    /** The methods of one class. */
    private static final class OfClass {
        private static final int MOST = 8;

        final Map<Method, LockedMethod> methods = new ConcurrentHashMap<>();

        /** Some of them, found by identity: a join point and a proxy come with the same object each time. */
        volatile Known[] first = {};

        synchronized void remember(Method method, LockedMethod locked) { // nobody waits in here
            if (first.length < MOST) {
                Known[] more = Arrays.copyOf(first, first.length + 1);
                more[first.length] = new Known(method, locked);
                first = more;
            }
        }

        synchronized void forget() {
            methods.clear();
            first = new Known[0];
        }
    }
}
