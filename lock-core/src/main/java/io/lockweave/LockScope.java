package io.lockweave;

import io.lockweave.engine.Owner;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Who re-enters a lock when it is not a thread: an asynchronous flow that hops between threads. While a scope is bound to a
 * thread, locks acquired there belong to the scope, and every thread it is bound to re-enters them. Safe for use from any
 * thread and from several at once.
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

    /** What locks acquired by the calling thread belong to at this moment: the scope bound to it, or the thread itself. */
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
