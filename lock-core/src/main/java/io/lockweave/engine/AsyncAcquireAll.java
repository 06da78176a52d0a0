package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes several keys one after the other without blocking, in one wait budget, all or nothing. */
final class AsyncAcquireAll extends Leftover {

    private final EngineParts parts;
    private final List<LockKey> keys;
    private final ResolvedOptions options;
    private final Owner caller;
    private final Owner owner;
    private final long start;
    private final long deadline;
    private final List<HeldLock> held = new ArrayList<>();
    private final CallFuture<HeldLock> result;
    private volatile @Nullable CompletableFuture<HeldLock> current;

    AsyncAcquireAll(EngineParts parts, List<LockKey> keys, ResolvedOptions options, Owner caller) {
        this.parts = parts;
        this.keys = keys;
        this.options = options;
        this.caller = caller;
        this.owner = caller.isThread() ? Owner.scope("begun by " + caller) : caller;
        this.result = CallFuture.of(owner);
        this.start = parts.now();
        this.deadline = options.deadline(start);
    }

    CompletableFuture<HeldLock> begin() {
        Stack.ensureForStore();
        result.whenComplete((done, failure) -> {
            CompletableFuture<HeldLock> running = current;
            if (result.isCancelled() && running != null) {
                running.cancel(false);
            }
        });
        try {
            parts.timers().ensureRunning(); // else nobody would look after what has to wait
        } catch (LockException e) {
            result.completeExceptionally(e);
            return result;
        }
        boolean over = false;
        try {
            takeAll();
            over = true;
        } finally {
            if (!over) {
                Leftovers leftovers = parts.leftovers;
                synchronized (leftovers) {
                    if (!isLeft) {
                        isLeft = true;
                        next = leftovers.first;
                        leftovers.first = this;
                    }
                }
            }
        }
        return result;
    }

    /** The caller never got the result. */
    @Override
    void finish() {
        parts.workers().callBack(() -> giveUp(new CancellationException("its caller ran out of stack")));
    }

    private void takeAll() {
        try {
            JointStage joint = JointStage.enter(parts, keys, options, owner, start, deadline);
            if (joint == null) {
                next();
            } else {
                takeSoon(joint);
            }
        } catch (Throwable e) { // has to reach whoever waits for the result
            giveUp(e);
        }
    }

    private void takeSoon(JointStage joint) {
        boolean begun = false;
        try {
            parts.workers().io(() -> take(joint));
            begun = true;
        } finally {
            if (!begun) {
                joint.abandon();
            }
        }
    }

    private void take(JointStage joint) {
        try {
            if (result.isDone()) {
                joint.abandon(); // cancelled
                return;
            }
            HeldLock all = joint.take();
            if (all == null) {
                next();
            } else {
                parts.workers().callBack(() -> finish(all));
            }
        } catch (Throwable e) { // has to reach whoever waits for the result
            parts.workers().callBack(() -> fail(e));
        }
    }

    /** Takes one key after the other as long as they are free; goes on when the first that is not has been got. */
    private void next() {
        while (held.size() < keys.size()) {
            CompletableFuture<HeldLock> one = take(keys.get(held.size()));
            if (!one.isDone()) {
                one.whenComplete((any, failure) -> {
                    if (keep(one)) {
                        goOn();
                    }
                });
                return;
            }
            if (!keep(one)) {
                return;
            }
        }
        finish(held.size() == 1 ? held.get(0) : new CompositeHold(held));
    }

    private void finish(HeldLock all) {
        if (!result.complete(all)) {
            all.close(); // cancelled in the meantime
        }
    }

    private void goOn() {
        try {
            next();
        } catch (Throwable e) { // has to reach whoever waits for the result
            giveUp(e);
        }
    }

    private void giveUp(Throwable reason) {
        CompletableFuture<HeldLock> running = current;
        if (running != null && !running.cancel(false)) {
            running.thenAccept(HeldLock::close); // it was quicker, and closing it twice does no harm
        }
        fail(reason);
    }

    private CompletableFuture<HeldLock> take(LockKey key) {
        AsyncAcquisition acquisition = new AsyncAcquisition(parts, key, options, ownerFor(key), start, deadline);
        CompletableFuture<HeldLock> one = acquisition.result();
        current = one;
        acquisition.begin();
        if (result.isCancelled()) {
            one.cancel(false);
        }
        return one;
    }

    /** Keeps a lock that was got; false if there is none, and then all has come to its end. */
    private boolean keep(CompletableFuture<HeldLock> one) {
        try {
            held.add(one.join());
            return true;
        } catch (CancellationException e) {
            fail(e);
        } catch (CompletionException e) {
            fail(e.getCause() == null ? e : e.getCause());
        }
        return false;
    }

    /** A thread that holds the key already enters again; for anything else the flow is an owner of its own. */
    private Owner ownerFor(LockKey key) {
        Gate gate = parts.gates().find(key);
        return gate != null && gate.heldBy(caller) != null ? caller : owner;
    }

    /** Whoever cancels or finds out must not wait for a store to release. */
    private void fail(Throwable reason) {
        if (held.isEmpty()) {
            result.completeExceptionally(reason);
            return;
        }
        parts.workers().giveBack(() -> {
            CompositeHold.closeInto(held, reason);
            parts.workers().callBack(() -> result.completeExceptionally(reason));
        });
    }
}
