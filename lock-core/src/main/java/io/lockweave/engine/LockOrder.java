package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.LockEvent;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers, by name, which locks were taken while which others were held, and reports each pair of names once that was
 * taken in both orders: a deadlock that has only not happened yet. For development; off unless asked for.
 */
final class LockOrder {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final boolean on;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Owner, List<String>> heldNames = new WeakHashMap<>();

    private final Map<String, Set<String>> takenAfter = new ConcurrentHashMap<>();
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    LockOrder(boolean on) {
        this.on = on;
    }

    void acquired(Hold hold) {
        if (!on) {
            return;
        }
        String name = hold.key().name();
        List<String> held = namesOf(hold.owner());
        for (String earlier : hold.owner().lineage().stream()
                .flatMap(owner -> namesOf(owner).stream())
                .toList()) {
            if (!earlier.equals(name)) {
                takenAfter
                        .computeIfAbsent(earlier, any -> ConcurrentHashMap.newKeySet())
                        .add(name);
                if (takenAfter.getOrDefault(name, Set.of()).contains(earlier)) {
                    report(hold, earlier, name);
                }
            }
        }
        held.add(name);
    }

    void released(Hold hold) {
        if (on) {
            namesOf(hold.owner()).remove(hold.key().name());
        }
    }

    private List<String> namesOf(Owner owner) {
        lock.lock();
        try {
            return heldNames.computeIfAbsent(owner, any -> new CopyOnWriteArrayList<>());
        } finally {
            lock.unlock();
        }
    }

    private void report(Hold hold, String earlier, String later) {
        String pair = earlier.compareTo(later) < 0 ? earlier + " and " + later : later + " and " + earlier;
        if (reported.add(pair)) {
            String detail = "locks named " + pair + " are taken in both orders; " + hold.owner() + " took " + later
                    + " while it held " + earlier;
            LOG.log(Level.WARNING, "Possible deadlock: " + detail + ". Take them in one order, or with acquireAll.");
            hold.fire(LockEvent.Type.ORDER, null, detail);
        }
    }
}
