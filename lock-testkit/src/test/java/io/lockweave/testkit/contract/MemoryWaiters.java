package io.lockweave.testkit.contract;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who waits in a {@link MemoryServer}: fair claims in the order they came, and the watches to wake. A fair claim that
 * was not tried again for three polls of the engine is taken for dead.
 */
class MemoryWaiters {

    private record Watching(Claim claim, Waker waker) {}

    private record Queued(Claim claim, long end) {}

    private final MemoryServer server;
    private final boolean sendsGrants;
    /** Fair claims by owner, with the time until which each counts. */
    private final Map<String, Queued> queue = new LinkedHashMap<>();

    /** Exclusive claims by owner that wait, fair or not, with the time until which each counts. */
    private final Map<String, Queued> writers = new LinkedHashMap<>();

    private final Map<Object, Watching> watches = new LinkedHashMap<>();

    MemoryWaiters(MemoryServer server, boolean sendsGrants) {
        this.server = server;
        this.sendsGrants = sendsGrants;
    }

    /** Whether nobody who came before waits for the key. */
    boolean mayEnter(Claim claim) {
        if (!claim.fair()) {
            return claim.mode() == LockMode.EXCLUSIVE || !writerWaits(claim);
        }
        long now = server.clock.nanoTime();
        queue.values().removeIf(queued -> now - queued.end() >= 0);
        Object id = server.id(claim.key());
        return queue.values().stream()
                .map(Queued::claim)
                .filter(waiting -> server.id(waiting.key()).equals(id))
                .findFirst()
                .map(head -> head.owner().equals(claim.owner()))
                .orElse(true);
    }

    /** Whether an exclusive claim waits for the key, which shared ones must not overtake. */
    boolean writerWaits(Claim claim) {
        long now = server.clock.nanoTime();
        writers.values().removeIf(writer -> now - writer.end() >= 0);
        Object id = server.id(claim.key());
        return writers.values().stream()
                .anyMatch(writer -> server.id(writer.claim().key()).equals(id));
    }

    void enqueue(Claim claim) {
        if (!claim.willWait()) {
            leave(claim);
            return;
        }
        long end = server.clock.nanoTime() + 3 * LockStore.POLL_WITH_PUSH.toNanos();
        if (claim.mode() == LockMode.EXCLUSIVE) {
            writers.put(claim.owner(), new Queued(claim, end));
        }
        if (claim.fair()) {
            queue.put(claim.owner(), new Queued(claim, end)); // where it stood already
        }
        watches.replaceAll((id, watching) ->
                watching.claim().owner().equals(claim.owner()) ? new Watching(claim, watching.waker()) : watching);
    }

    void leave(Claim claim) {
        queue.remove(claim.owner());
        writers.remove(claim.owner());
        if (sendsGrants) {
            watches.values().removeIf(watching -> watching.claim().owner().equals(claim.owner()));
        }
    }

    void forget() {
        queue.clear();
        writers.clear();
    }

    int count() {
        return queue.size() + watches.size();
    }

    Watch watch(Claim claim, Waker waker) {
        Object id = new Object();
        server.atomically(() -> watches.put(id, new Watching(claim, waker)));
        return () -> server.atomically(() -> watches.remove(id));
    }

    /** Tells the watchers of a key that it may be free, outside the server's lock. */
    void wake(LockKey key) {
        List<Runnable> calls = server.atomically(() -> callsFor(key));
        calls.forEach(Runnable::run);
    }

    private List<Runnable> callsFor(LockKey key) {
        List<Runnable> calls = new ArrayList<>();
        for (Watching watching : List.copyOf(watches.values())) {
            Claim claim = watching.claim();
            if (!server.id(claim.key()).equals(server.id(key))) {
                continue;
            }
            if (sendsGrants
                    && claim.willWait()
                    && server.fits(server.holders(key).values(), claim)
                    && server.mayEnter(claim)) {
                Grant grant = server.grant(claim).grant;
                calls.add(() -> watching.waker().granted(server.told(grant), claim.lease()));
            } else if (!sendsGrants) {
                calls.add(watching.waker()::wake);
            }
        }
        return calls;
    }
}
