package io.lockweave.spring;

import io.lockweave.spring.backend.ApplicationLocks;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes the locks when the application ends: after requests, listeners and scheduled jobs have come to their end, and
 * before connections and pools close. Work that is still under a lock then gets time to end; nobody gets in beside it.
 * A context that is only paused keeps its locks.
 */
final class LocksLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {

    /** Web servers and executors stop at the largest phases, connection factories at 0. */
    static final int PHASE = 1 << 20;

    private final ApplicationLocks locks;
    private final ApplicationContext context;
    private volatile boolean running;
    private volatile boolean closing;

    LocksLifecycle(ApplicationLocks locks, ApplicationContext context) {
        this.locks = locks;
        this.context = context;
    }

    /** Contexts tell their parents when they close. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == context) {
            closing = true;
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (closing) {
            locks.drain();
            locks.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
