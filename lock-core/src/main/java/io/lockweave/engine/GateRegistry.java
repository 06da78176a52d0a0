package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The gates in use, one for each key that is held or waited for; nothing is kept for any other key. */
final class GateRegistry implements Gate.Registry {

    private static final int MUTEXES = 64;

    private final ConcurrentHashMap<LockKey, Gate> gates = new ConcurrentHashMap<>();
    private final ReentrantLock[] mutexes;
    private final Namespace namespace;

    GateRegistry(Namespace namespace) {
        this(namespace, MUTEXES);
    }

    /** With so many mutexes, a power of two. */
    GateRegistry(Namespace namespace, int mutexes) {
        this.namespace = namespace;
        this.mutexes = new ReentrantLock[mutexes];
        for (int i = 0; i < mutexes; i++) {
            this.mutexes[i] = new ReentrantLock();
        }
    }

    @Nullable
    Gate find(LockKey key) {
        return gates.get(key);
    }

    /** The key without the namespace, as gates have it. */
    LockKey local(LockKey key) {
        return namespace.local(key);
    }

    /** The owner's hold of a key, or null. */
    @Nullable
    Hold heldBy(Owner owner, LockKey key) {
        Gate gate = find(key);
        return gate == null ? null : gate.heldBy(owner);
    }

    /** A new gate for the key with the claim inside; not registered yet. */
    Gate create(LockKey key, ResolvedOptions options) {
        int hash = key.hashCode();
        return new Gate(
                key, options.limit(), options.units(), this, mutexes[(hash ^ hash >>> 16) & mutexes.length - 1]);
    }

    /** Registers a gate; returns null, or the gate that is there already. */
    @Nullable
    Gate register(Gate gate) {
        return gates.putIfAbsent(gate.key, gate);
    }

    /** The gate of the key, entered without waiting; null if that cannot be, or its owner is inside already. */
    @Nullable
    Gate enterAtOnce(LockKey key, ResolvedOptions options, Owner owner) {
        Gate found = find(key);
        if (found == null) {
            Gate made = create(key, options);
            return register(made) == null ? made : null;
        }
        boolean entered = found.limit == options.limit()
                && found.heldBy(owner) == null
                && found.tryEnter(options.units(), options.inTurn()) == Room.Entry.ENTERED;
        return entered ? found : null;
    }

    @Override
    public LockKey fullKey(Gate gate) {
        return namespace.full(gate.key);
    }

    @Override
    public void remove(Gate gate) {
        gates.remove(gate.key, gate);
    }

    Collection<Gate> all() {
        return gates.values();
    }
}
