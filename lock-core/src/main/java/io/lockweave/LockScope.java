package io.lockweave;

import io.lockweave.engine.Owner;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Who re-enters a lock when it is not a thread: an asynchronous flow that hops between threads. While a scope is bound
 * to a thread, locks acquired there belong to the scope, and every thread it is bound to re-enters them.
 *
 * <p>Scopes are nested as calls are. Each call of a {@link Locked} method whose result comes later runs in a scope of
 * its own, nested in the one it was called in; so do blocking ones, {@link Locks#call} and {@link Locks#run} where a
 * scope is bound. A scope re-enters what it holds itself and what the scopes around it hold, and nothing else: calls
 * inside the call that holds a key enter it again, and calls that run side by side exclude each other, whatever is
 * locked around them.
 *
 * <p>A thread that acts for a scope and waits there for a lock which it holds itself, as the thread or for a scope
 * bound before, would wait for itself: it gets a {@link LockDeadlockException} at once.
 *
 * <p>One scope is one flow. Threads that it is bound to at the same time re-enter each other's locks; give each branch
 * of the flow a scope of its own with {@link #nested}. Safe for use from any thread and from several at once.
 */
public final class LockScope {

    private final Owner owner;

    private LockScope(Owner owner) {
        this.owner = owner;
    }

    /** A new scope that holds nothing. The name is for messages. */
    public static LockScope named(String name) {
        return new LockScope(Owner.scope(name));
    }

    /**
     * A new scope inside this one, for a part of its work: it re-enters what this one and those around it hold, and
     * excludes other scopes nested in this one. The name is for messages.
     */
    public LockScope nested(String name) {
        return new LockScope(owner.nested(name));
    }

    /**
     * What locks acquired by the calling thread belong to at this moment: the scope bound to it, or the thread itself.
     */
    public static LockScope current() {
        return new LockScope(Owner.current());
    }

    /** The scope bound to the calling thread; empty if the thread acts as itself. */
    public static Optional<LockScope> bound() {
        Owner owner = Owner.current();
        return owner.isThread() ? Optional.empty() : Optional.of(new LockScope(owner));
    }

    /** Calls the task with this scope bound to the calling thread. */
    public <T> T call(Callable<T> task) throws Exception {
        Owner before = Owner.bind(owner);
        try {
            return task.call();
        } finally {
            Owner.restore(before);
        }
    }

    /** Runs the task with this scope bound to the calling thread. */
    public void run(Runnable task) {
        Owner before = Owner.bind(owner);
        try {
            task.run();
        } finally {
            Owner.restore(before);
        }
    }

    /** The task with this scope bound around it, to be run anywhere. */
    public Runnable wrap(Runnable task) {
        return () -> run(task);
    }
}
