package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.spi.LockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Releases whose callers do not wait for the store's answer. Few workers send them, all that have come meanwhile
 * together. A caller that comes when many are queued gives its lock back by itself, so that no backlog grows.
 */
final class SentReleases {

    private static final int SENDERS = 2;

    /** As many as a store is asked to give back at once. */
    private static final int MOST_TOGETHER = 100;

    private static final int MOST_QUEUED = 500;

    private final LockStore store;
    private final Workers workers;
    private final EventPublisher events;
    private final Queue<JointRelease.Part> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger senders = new AtomicInteger();

    SentReleases(LockStore store, Workers workers, EventPublisher events) {
        this.store = store;
        this.workers = workers;
        this.events = events;
    }

    /** Takes over what is left of an end; false if too many wait. */
    boolean send(JointRelease.Part leave) {
        if (queued.incrementAndGet() > MOST_QUEUED) {
            queued.decrementAndGet();
            return false;
        }
        queue.add(leave);
        try {
            startSender();
        } catch (RuntimeException | Error e) {
            if (queue.remove(leave)) { // else a sender has it
                queued.decrementAndGet();
                return false;
            }
        }
        return true;
    }

    private void startSender() {
        int running = senders.get();
        while (running < SENDERS && !queue.isEmpty()) {
            if (senders.compareAndSet(running, running + 1)) {
                boolean started = false;
                try {
                    workers.giveBack(this::run);
                    started = true;
                } finally {
                    if (!started) {
                        senders.decrementAndGet();
                    }
                }
                return;
            }
            running = senders.get();
        }
    }

    private void run() {
        try {
            for (List<JointRelease.Part> some = take(); !some.isEmpty(); some = take()) {
                release(some);
            }
        } finally {
            senders.decrementAndGet();
            startSender(); // for what came between the last look and that
        }
    }

    private List<JointRelease.Part> take() {
        List<JointRelease.Part> some = new ArrayList<>();
        JointRelease.@Nullable Part next = queue.poll();
        while (next != null) {
            some.add(next);
            next = some.size() < MOST_TOGETHER ? queue.poll() : null;
        }
        queued.addAndGet(-some.size());
        return some;
    }

    private void release(List<JointRelease.Part> some) {
        Runnable told = events.puttingOff(() -> {
            if (workers.haveGivenUpStore()) {
                LockBackendException why = LockBackendException.passing("The locks were closed", null);
                some.forEach(leave -> leave.completeFailed(why));
            } else {
                JointRelease.release(store, some);
            }
        });
        if (events.heard()) {
            workers.callBack(told);
        }
    }
}
