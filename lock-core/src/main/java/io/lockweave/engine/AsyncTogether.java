package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes several keys one after the other without blocking, in one wait budget, all or nothing. */
final class AsyncTogether {

    private final Core core;
    private final List<LockKey> keys;
    private final Ask ask;
    private final Owner caller;
    private final Owner owner;
    private final long start;
    private final long deadline;
    private final List<HeldLock> held = new ArrayList<>();
    private final CompletableFuture<HeldLock> result = new CompletableFuture<>();
    private volatile @Nullable CompletableFuture<HeldLock> current;

    AsyncTogether(Core core, List<LockKey> keys, Ask ask, Owner caller) {
        this.core = core;
        this.keys = keys;
        this.ask = ask;
        this.caller = caller;
        this.owner = caller.isThread() ? Owner.scope("begun by " + caller) : caller;
        this.start = core.now();
        this.deadline = ask.deadline(start);
    }

    CompletableFuture<HeldLock> begin() {
        result.whenComplete((done, failure) -> {
            CompletableFuture<HeldLock> running = current;
            if (result.isCancelled() && running != null) {
                running.cancel(false);
            }
        });
        next();
        return result;
    }

    private void next() {
        if (held.size() == keys.size()) {
            HeldLock all = held.size() == 1 ? held.get(0) : new HeldTogether(held);
            if (!result.complete(all)) {
                all.close(); // cancelled in the meantime
            }
            return;
        }
        LockKey key = keys.get(held.size());
        CompletableFuture<HeldLock> running =
                new AsyncAcquisition(core, key, ask, ownerFor(key), start, deadline).begin();
        current = running;
        if (result.isCancelled()) {
            running.cancel(false);
        }
        running.whenComplete((one, failure) -> {
            if (failure == null) {
                held.add(one);
                next();
            } else {
                fail(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
    }

    /** A thread that holds the key already enters again; for anything else the flow is an owner of its own. */
    private Owner ownerFor(LockKey key) {
        Gate gate = core.gates().find(key);
        return gate != null && gate.heldBy(caller) != null ? caller : owner;
    }

    private void fail(Throwable reason) {
        LockEngine.closeInto(held, reason);
        result.completeExceptionally(reason);
    }
}
