package io.lockweave.jdbc.session;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The exclusive claims of this JVM that wait. For each key one of all JVMs is next: it keeps the key's turnstile, so
 * that no claim passes it that comes later, and looks more often than the others. One that does not ask again is
 * taken for dead; one of a JVM that stands still is passed by those who have waited for a while. Used in turn with the
 * session.
 */
final class WaitingWriters {

    /** How long a claim respects the turnstile: whoever keeps it may be a JVM that stands still. */
    private static final long PATIENCE = Duration.ofMillis(300).toNanos();

    /** How long a JVM that had the key leaves the turnstile to those that wait already, which look less often. */
    private static final long MODESTY = Duration.ofMillis(20).toNanos();

    private static final long SOONEST_LOOK = Duration.ofMillis(2).toNanos();

    /** After what part of its wait an exclusive claim looks again. */
    private static final int PART = 8;

    private static final long LATEST_LOOK = Duration.ofMillis(100).toNanos();

    /** The same for the one that is next, since the lock is nobody's until it looks. */
    private static final int PART_OF_NEXT = 20;

    private static final long LATEST_LOOK_OF_NEXT = Duration.ofMillis(25).toNanos();

    private static final long DEAD_AFTER =
            LockStore.POLL_WITH_PUSH.multipliedBy(3).toNanos();

    /** A claim, when it was refused first and when last. */
    private record Waiting(LockKey key, long since, long asked) {

        boolean isOver() {
            return System.nanoTime() - asked >= DEAD_AFTER;
        }
    }

    private final Map<String, Waiting> waiting = new HashMap<>();

    /** Whose turnstile it is, of those that are kept here. */
    private final Map<LockKey, String> next = new HashMap<>();

    /** When keys came free here a moment ago, the earliest first. */
    private final Map<LockKey, Long> had = new LinkedHashMap<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether the session keeps a turnstile, so that it may not be exchanged for another one. */
    boolean keepsAny() {
        return !next.isEmpty();
    }

    /** Whether an exclusive claim of this JVM is next. */
    boolean waitFor(LockKey key) {
        String owner = next.get(key);
        Waiting writer = owner == null ? null : waiting.get(owner);
        return writer != null && !writer.isOver();
    }

    /** Whether the claim has waited so long that it passes the turnstile. */
    boolean isImpatient(Claim claim) {
        Waiting known = waiting.get(claim.owner());
        return known != null && System.nanoTime() - known.since >= PATIENCE;
    }

    /** An exclusive claim was refused and is going to wait; returns after what time to look again. */
    Duration stand(LockSession session, Claim claim) throws SQLException {
        long now = System.nanoTime();
        Waiting known = waiting.get(claim.owner());
        long since = known == null ? now : known.since;
        waiting.put(claim.owner(), new Waiting(claim.key(), since, now));
        long waited = now - since;
        return !hadIt(claim.key(), now) && isNext(session, claim)
                ? within(waited / PART_OF_NEXT, LATEST_LOOK_OF_NEXT)
                : within(waited / PART, LATEST_LOOK);
    }

    private static Duration within(long nanos, long latest) {
        return Duration.ofNanos(Math.min(latest, Math.max(SOONEST_LOOK, nanos)));
    }

    /** An exclusive lock of this JVM came free. */
    void released(LockKey key) {
        long now = System.nanoTime();
        had.remove(key);
        had.put(key, now);
        Iterator<Long> earliest = had.values().iterator();
        while (now - earliest.next() >= MODESTY) { // ends at the key's own at the latest
            earliest.remove();
        }
    }

    private boolean hadIt(LockKey key, long now) {
        Long since = had.get(key);
        return since != null && now - since < MODESTY;
    }

    private boolean isNext(LockSession session, Claim claim) throws SQLException {
        String owner = next.get(claim.key());
        Waiting other = owner == null || owner.equals(claim.owner()) ? null : waiting.get(owner);
        boolean kept = other != null && !other.isOver();
        if (kept || (owner == null && !session.keepTurnstile(claim.key()))) {
            return false;
        }
        next.put(claim.key(), claim.owner());
        return true;
    }

    /** A claim waits no longer. */
    void leave(LockSession session, Claim claim) throws SQLException {
        waiting.remove(claim.owner());
        if (next.remove(claim.key(), claim.owner())) {
            session.leaveTurnstile(claim.key());
        }
    }

    /** Whether the claim is one of these. */
    boolean has(Claim claim) {
        return waiting.containsKey(claim.owner());
    }

    /** Lets others pass those that are taken for dead. */
    void leaveDead(LockSession session) throws SQLException {
        Iterator<Map.Entry<String, Waiting>> each = waiting.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Waiting> entry = each.next();
            if (entry.getValue().isOver()) {
                each.remove();
                if (next.remove(entry.getValue().key(), entry.getKey())) {
                    session.leaveTurnstile(entry.getValue().key());
                }
            }
        }
    }

    /** The session is gone, and the turnstiles with it. */
    void clear() {
        waiting.clear();
        next.clear();
    }
}
