package io.lockweave.redis.fleet;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at all that is held in the fleet at once, as no program can, and fails where a rule is broken. */
final class Rules {

    private record Stay(int process, HeldLock held, LockMode mode, int permits) {

        LockKey key() {
            return held.key();
        }

        @Override
        public String toString() {
            return mode + " stay " + held.fence() + " of process " + process;
        }
    }

    private final Server server;
    private final List<Stay> inside = new ArrayList<>();
    private final Map<LockKey, Long> lastFence = new HashMap<>();
    private int entries;

    Rules(Server server) {
        this.server = server;
    }

    int entries() {
        return entries;
    }

    void enter(int process, HeldLock held, LockMode mode, int permits) {
        Stay stay = new Stay(process, held, mode, permits);
        entries++;
        inside.add(stay);
        check(stay);
        if (mode == LockMode.EXCLUSIVE && isSure(stay)) {
            checkLease(stay);
            Long before = lastFence.put(held.key(), held.fence());
            if (before != null && before >= held.fence()) {
                throw new AssertionError(stay + " comes after fence " + before);
            }
        }
    }

    /** While its holder uses the lock. */
    void check(HeldLock held) {
        inside.stream().filter(stay -> stay.held == held).findFirst().ifPresent(stay -> {
            check(stay);
            checkLease(stay);
        });
    }

    /** Nobody believes in a lease for longer than the server keeps it. */
    private void checkLease(Stay stay) {
        if (stay.mode == LockMode.EXCLUSIVE && isSure(stay) && server.keepsItsWord()) {
            long believed = stay.held.remaining().toNanos();
            long kept = server.leaseNanos(stay.key());
            if (believed > kept) {
                throw new AssertionError(stay + " believes in a lease of " + believed / 1_000
                        + " us, the server keeps it for " + kept / 1_000 + " us");
            }
        }
    }

    void leave(HeldLock held) {
        inside.removeIf(stay -> stay.held == held);
    }

    /** Whether its holder may rely on it: it is not told that the lock is lost, and no fail-over has forgotten it. */
    private boolean isSure(Stay stay) {
        return stay.held.isHeld() && !server.mayHaveForgotten(stay.held.fence());
    }

    private void check(Stay one) {
        if (!isSure(one)) {
            return;
        }
        List<Stay> others = inside.stream()
                .filter(other -> other != one && other.key().equals(one.key()) && isSure(other))
                .toList();
        for (Stay other : others) {
            if (one.mode == LockMode.EXCLUSIVE || other.mode != one.mode) {
                throw new AssertionError(one + " and " + other + " at once");
            }
        }
        if (one.mode == LockMode.PERMIT && others.size() >= one.permits) {
            throw new AssertionError(one + " and " + others + " share " + one.permits + " permits");
        }
    }
}
