package io.lockweave.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The shared or permit holders that are inside a gate together. Coming, going and finding an owner's hold take the same
 * time however many there are; an owner has more than one only if several of its threads came at once, or while some of
 * its holds are lost or kept. Safe for use from any thread.
 */
final class Crowd {

    private final ConcurrentHashMap<Owner, List<Hold>> holds = new ConcurrentHashMap<>();

    void add(Hold hold) {
        holds.merge(hold.owner(), List.of(hold), Crowd::together);
    }

    private static List<Hold> together(List<Hold> before, List<Hold> added) {
        List<Hold> all = new ArrayList<>(before);
        all.addAll(added);
        return List.copyOf(all);
    }

    void remove(Hold hold) {
        holds.computeIfPresent(hold.owner(), (owner, mine) -> without(mine, hold));
    }

    /** Null, which takes the owner out, if none is left. */
    private static @Nullable List<Hold> without(List<Hold> mine, Hold gone) {
        List<Hold> left = new ArrayList<>(mine);
        left.remove(gone);
        return left.isEmpty() ? null : List.copyOf(left);
    }

    /** A hold of this owner that was not given back, an open one if there is one; else null. */
    @Nullable
    Hold heldBy(Owner owner) {
        Hold found = null;
        for (Hold hold : holds.getOrDefault(owner, List.of())) {
            if (hold.isOpen()) {
                return hold;
            }
            if (!hold.isGivenBack()) {
                found = hold;
            }
        }
        return found;
    }

    /** One of them, or null if there is none. */
    @Nullable
    Hold any() {
        for (List<Hold> mine : holds.values()) {
            return mine.get(0);
        }
        return null;
    }

    /** A copy, in no order. */
    List<Hold> all() {
        List<Hold> all = new ArrayList<>();
        holds.values().forEach(all::addAll);
        return all;
    }
}
