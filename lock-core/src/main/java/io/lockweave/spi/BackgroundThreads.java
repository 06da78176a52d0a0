package io.lockweave.spi;

import java.security.AccessController;
import java.security.PrivilegedAction;

/** How threads of Lockweave and of its backends are made. Safe for use from any thread. */
public final class BackgroundThreads {

    private BackgroundThreads() {}

    /**
     * A daemon that inherits nothing from whoever is the first to need it, and that has not been started. It is in the
     * topmost thread group, without the inheritable thread locals, the priority, the context class loader and the
     * access control context of the calling thread: a request's user must not live on in it, nor the classes of an
     * application that ends.
     *
     * @param name its name; begins with {@code lockweave-}
     * @param body what it does
     */
    @SuppressWarnings({
        "ThreadPriorityCheck", // the usual one, not that of whoever comes first
        "removal" // no JDK before 24 makes a thread without such a context in another way
    })
    public static Thread daemon(String name, Runnable body) {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group != null && group.getParent() != null) {
            group = group.getParent();
        }
        ThreadGroup top = group;
        Thread thread =
                AccessController.doPrivileged((PrivilegedAction<Thread>) () -> new Thread(top, body, name, 0, false));
        thread.setDaemon(true);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(BackgroundThreads.class.getClassLoader());
        return thread;
    }
}
