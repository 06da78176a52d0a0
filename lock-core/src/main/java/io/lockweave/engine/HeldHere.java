package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the calling thread, or the scope that it acts for, holds in any engine of this JVM. Safe for use from any
 * thread; keeps no engine from being collected.
 */
public final class HeldHere {

    private static final Set<WeakReference<GateRegistry>> ENGINES = ConcurrentHashMap.newKeySet();

    private HeldHere() {}

    static void opened(GateRegistry engine) {
        ENGINES.removeIf(one -> one.get() == null);
        ENGINES.add(new WeakReference<>(engine));
    }

    static void closed(GateRegistry engine) {
        ENGINES.removeIf(one -> one.get() == null || one.get() == engine);
    }

    /** The lock of this key, or null. */
    public static @Nullable HeldLock of(LockKey key) {
        Owner owner = Owner.current();
        for (WeakReference<GateRegistry> reference : ENGINES) {
            GateRegistry engine = reference.get();
            Hold hold = engine == null ? null : engine.heldBy(owner, engine.local(key));
            if (hold != null) {
                return hold;
            }
        }
        return guarding(held -> held.key().equals(key));
    }

    /** One of the locks with this name, or null. Looks at every key in use, but for the innermost lock. */
    public static @Nullable HeldLock ofName(String name) {
        HeldLock current = guarding(held -> held.key().name().equals(name));
        if (current != null) {
            return current;
        }
        Owner owner = Owner.current();
        for (WeakReference<GateRegistry> reference : ENGINES) {
            GateRegistry engine = reference.get();
            for (Gate gate : engine == null ? List.<Gate>of() : engine.all()) {
                Hold hold = gate.key.name().equals(name) ? gate.heldBy(owner) : null;
                if (hold != null) {
                    return hold;
                }
            }
        }
        return null;
    }

    /** Of the locks around the code that runs: those of a test's own {@code Locks} are in no engine. */
    private static @Nullable HeldLock guarding(Predicate<HeldLock> wanted) {
        HeldLock current = CurrentHold.get();
        return current == null
                ? null
                : current.parts().stream().filter(wanted).findFirst().orElse(null);
    }
}
