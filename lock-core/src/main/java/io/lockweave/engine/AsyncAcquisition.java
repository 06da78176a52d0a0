package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Drives an {@link Acquisition} on the engine's threads, never on the caller's, and completes a future. */
final class AsyncAcquisition implements Waiter.Wakeable {

    private final EngineParts parts;
    private final Acquisition acquisition;
    private final CompletableFuture<HeldLock> result = new CompletableFuture<>();

    /** How often it was woken since a thread began to drive it; 0 while no thread does. */
    private final AtomicInteger wakeUps = new AtomicInteger();

    private Timers.@Nullable Timer timer;
    private boolean over;

    AsyncAcquisition(EngineParts parts, LockKey key, ResolvedOptions options, Owner owner, long start, long deadline) {
        this.parts = parts;
        this.acquisition = new Acquisition(new AcquireContext(parts, key, options, owner, start, deadline, this));
        result.whenComplete((held, failure) -> {
            if (result.isCancelled()) {
                wake();
            }
        });
    }

    /** Begins on the calling thread, which keeps the order of callers, and goes on elsewhere. */
    void begin() {
        wakeUps.incrementAndGet();
        drive(false);
    }

    CompletableFuture<HeldLock> result() {
        return result;
    }

    @Override
    public void wake() {
        if (wakeUps.getAndIncrement() == 0) {
            boolean driven = false;
            try {
                parts.workers().io(() -> drive(true));
                driven = true;
            } finally {
                if (!driven) {
                    wakeUps.set(0);
                }
            }
        }
    }

    private void drive(boolean onOurThread) {
        int seen;
        boolean handOn = false;
        do {
            seen = wakeUps.get();
            if (!over) {
                step(onOurThread);
                handOn = !over && acquisition.needsStore();
            }
        } while (!wakeUps.compareAndSet(seen, 0));
        if (handOn) {
            wake();
        }
    }

    private void step(boolean onOurThread) {
        Timers.Timer before = timer;
        if (before != null) {
            before.cancel();
            timer = null;
        }
        try {
            if (result.isDone()) {
                over = true;
                acquisition.abandon();
                acquisition.reportCancelled();
            } else if (acquisition.advance(onOurThread)) {
                over = true;
                finish(onOurThread);
            } else if (!acquisition.needsStore()) {
                timer = parts.timers().at(acquisition.nextLook(), this::wake);
            }
        } catch (Throwable e) { // has to reach whoever waits for the result
            over = true;
            fail(e, onOurThread);
        }
    }

    private void fail(Throwable why, boolean onOurThread) {
        try {
            acquisition.abandon();
        } catch (Throwable e) {
            why.addSuppressed(e);
        }
        if (onOurThread) {
            parts.workers().callBack(() -> result.completeExceptionally(why));
        } else {
            result.completeExceptionally(why);
        }
    }

    /**
     * On the caller's thread the result is complete before anybody sees it; elsewhere its followers must not hold us
     * up.
     */
    private void finish(boolean onOurThread) {
        if (onOurThread) {
            parts.workers().callBack(this::complete);
        } else {
            complete();
        }
    }

    private void complete() {
        HeldLock held = acquisition.held();
        if (held == null) {
            Exception why = acquisition.whyNot();
            acquisition.reportUnavailable(why);
            result.completeExceptionally(why);
        } else if (!result.complete(held)) {
            held.close(); // cancelled in the meantime
        }
    }
}
