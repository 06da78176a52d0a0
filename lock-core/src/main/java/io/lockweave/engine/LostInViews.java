package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds that were lost while they were entered through a view: their owners still have to hear of it, and to give each
 * entry up. Nothing else may refer to such an owner.
 */
final class LostInViews {

    private final ConcurrentHashMap<Owner, List<Hold>> lost = new ConcurrentHashMap<>();

    /** A hold was lost; does nothing if it is not entered through a view. May be repeated. */
    void note(Hold hold) {
        if (!hold.isInView()) {
            return;
        }
        lost.keySet().removeIf(Owner::isDeadThread);
        lost.compute(hold.owner(), (owner, before) -> with(before, hold));
        if (!hold.isInView()) {
            forget(hold); // the last entry was given up in between
        }
    }

    private static List<Hold> with(@Nullable List<Hold> before, Hold added) {
        if (before == null) {
            return List.of(added);
        }
        if (before.contains(added)) {
            return before;
        }
        List<Hold> all = new ArrayList<>(before);
        all.add(added);
        return List.copyOf(all);
    }

    private void forget(Hold hold) {
        lost.computeIfPresent(hold.owner(), (owner, before) -> {
            List<Hold> left = before.stream().filter(one -> one != hold).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** Counts an entry of a lost hold of this key out; null if there is none. */
    @Nullable
    Hold endEntry(Owner asking, LockKey key, boolean write) {
        for (Owner one = asking; one != null; one = one.parent()) {
            for (Hold hold : lost.getOrDefault(one, List.of())) {
                if (hold.key().equals(key) && hold.endViewEntry(write)) {
                    if (!hold.isInView()) {
                        forget(hold);
                    }
                    return hold;
                }
            }
        }
        return null;
    }

    /**
     * Fails if this key was lost while it was entered through a view that has not been unlocked since.
     *
     * @throws io.lockweave.LockLostException if it was
     */
    void ensureNone(Owner asking, LockKey key) {
        for (Owner one = asking; one != null; one = one.parent()) {
            for (Hold hold : lost.getOrDefault(one, List.of())) {
                if (hold.key().equals(key)) {
                    throw hold.lostException();
                }
            }
        }
    }
}
