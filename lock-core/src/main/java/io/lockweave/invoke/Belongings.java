package io.lockweave.invoke;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which object belongs to which application, by identity. Keeps neither of them. Safe for use from any thread. */
final class Belongings {

    private final Map<Object, WeakReference<Application>> byTarget = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final Set<Application> owners = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** Notes it; true if it is the first object of this application. */
    boolean add(Application application, Object target) {
        for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
            byTarget.remove(key);
        }
        byTarget.put(new Key(target, gone), new WeakReference<>(application));
        return owners.add(application);
    }

    /** Whose it is, or null if it is nobody's. */
    @Nullable
    Application of(Object target) {
        WeakReference<Application> owner = byTarget.get(new Probe(target));
        return owner == null ? null : owner.get();
    }

    /** Whether an object may belong to another application than this one. */
    boolean mayBeOfOthers(@Nullable Application one) {
        synchronized (owners) { // what iterating over such a set asks for; nobody waits in here
            return owners.stream().anyMatch(owner -> owner != one);
        }
    }

    /** An object in the map. */
    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object target, ReferenceQueue<Object> gone) {
            super(target, gone);
            this.hash = System.identityHashCode(target);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            Object target = get();
            return target != null && other instanceof Key key && key.refersTo(target);
        }
    }

    /** An object that is looked for. */
    private static final class Probe {

        private final Object target;

        Probe(Object target) {
            this.target = target;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(target);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.refersTo(target);
        }
    }
}
