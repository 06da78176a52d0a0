package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.spi.container.LockEnvironment;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * One of the applications of this JVM, with locks of its own: woven methods of its classes use them. Several may be
 * open at once, see {@link Applications}. Safe for use from any thread.
 */
public final class Application implements AutoCloseable {

    /** Who opened it: what a program sets by hand goes before what its containers bring. */
    enum Kind {
        CONTAINER,
        BY_HAND,
        CONFIGURED
    }

    private final String name;
    private final Kind kind;
    private final LockEnvironment environment;
    private final LockedInvoker invoker;
    private final WeakReference<ClassLoader> home;
    private volatile boolean paused;
    private volatile boolean closed;

    Application(String name, Kind kind, ClassLoader home, LockEnvironment environment) {
        this.name = name;
        this.kind = kind;
        this.home = new WeakReference<>(home);
        this.environment = environment;
        this.invoker = new LockedInvoker(environment);
    }

    /** What its locked methods need. */
    public LockEnvironment environment() {
        return environment;
    }

    /**
     * Runs its locked methods.
     *
     * @throws LockUsageException if it has closed
     */
    LockedInvoker invoker() {
        if (closed) {
            throw new LockUsageException(
                    name + " has closed, and a locked method of one of its objects was called",
                    "end the work of an application before it closes");
        }
        return invoker;
    }

    /** Calls of this object are this application's, even if others are open for its class. It is held weakly. */
    public void adopt(Object target) {
        Applications.adopt(this, target);
    }

    /**
     * While others are open for the same classes, it is asked for its own objects only: a test's context that rests.
     */
    public void pause() {
        paused = true;
        Applications.changed();
    }

    /** Ends {@link #pause}. */
    public void resume() {
        paused = false;
        Applications.changed();
    }

    /** Gives back what was before. Its locks are not closed here. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        Applications.closed(this);
        invoker.forget();
    }

    Kind kind() {
        return kind;
    }

    boolean isPaused() {
        return paused;
    }

    @Nullable
    ClassLoader home() {
        return home.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
