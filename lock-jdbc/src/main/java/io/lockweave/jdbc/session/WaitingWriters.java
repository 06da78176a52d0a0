package io.lockweave.jdbc.session;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The exclusive claims of this JVM that wait, each behind a turnstile that it keeps so that no new shared holder passes
 * it. One that does not ask again is taken for dead. Used in turn with the session.
 */
final class WaitingWriters {

    private record Waiting(String owner, long until) {

        boolean isOver() {
            return System.nanoTime() - until >= 0;
        }
    }

    private final Map<LockKey, Waiting> waiting = new HashMap<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether a claim here waits for the key. */
    boolean waitFor(LockKey key) {
        Waiting writer = waiting.get(key);
        return writer != null && !writer.isOver();
    }

    /** An exclusive claim was refused and is going to wait. */
    void stand(LockSession session, Claim claim) throws SQLException {
        Waiting known = waiting.get(claim.key());
        boolean other = known != null && !known.owner().equals(claim.owner()) && !known.isOver();
        if (!other && (known != null || session.keepTurnstile(claim.key()))) {
            long until =
                    System.nanoTime() + LockStore.POLL_WITH_PUSH.multipliedBy(3).toNanos();
            waiting.put(claim.key(), new Waiting(claim.owner(), until));
        }
    }

    /** A claim waits no longer. */
    void leave(LockSession session, Claim claim) throws SQLException {
        Waiting known = waiting.get(claim.key());
        if (known != null && known.owner().equals(claim.owner())) {
            waiting.remove(claim.key());
            session.leaveTurnstile(claim.key());
        }
    }

    /** Whether the claim is one of these. */
    boolean has(Claim claim) {
        Waiting known = waiting.get(claim.key());
        return known != null && known.owner().equals(claim.owner());
    }

    /** Lets others pass those that are taken for dead. */
    void leaveDead(LockSession session) throws SQLException {
        Iterator<Map.Entry<LockKey, Waiting>> each = waiting.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<LockKey, Waiting> entry = each.next();
            if (entry.getValue().isOver()) {
                each.remove();
                session.leaveTurnstile(entry.getKey());
            }
        }
    }

    /** The session is gone, and the turnstiles with it. */
    void clear() {
        waiting.clear();
    }
}
