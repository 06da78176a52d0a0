package io.lockweave.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Writes down who was inside a lock and when, and checks the whole afterwards, in the manner of Jepsen: intervals of
 * one key do not overlap unless the earlier holder knew that it had lost the lock, and fences grow in the order of
 * entry, except those of holders that lost the lock before they entered. For exclusive locks. Safe for use from any
 * thread; {@link #check()} after all of them have ended.
 *
 * <p>Call {@link #enter} right after the lock was taken and {@link Entry#exit} right before it is given back. Times of
 * one machine's monotonic clock only: entries of other processes on it may be added with {@link #add}.
 */
public final class HistoryChecker {

    private final Queue<Stay> history = new ConcurrentLinkedQueue<>();

    /**
     * One stay inside a lock.
     *
     * @param who who was inside, for messages
     * @param key the key
     * @param fence the fence held
     * @param entered when it entered, by {@link System#nanoTime()}
     * @param left when it left, by the same clock
     * @param lost whether it knew that the lock was lost when it left
     */
    public record Stay(String who, String key, long fence, long entered, long left, boolean lost) {}

    /** A stay that has begun. */
    public final class Entry {

        private final String who;
        private final String key;
        private final long fence;
        private final long entered = System.nanoTime();

        private Entry(String who, String key, long fence) {
            this.who = who;
            this.key = key;
            this.fence = fence;
        }

        /** The holder leaves now, and knows or does not know that its lock was lost. */
        public void exit(boolean lost) {
            add(new Stay(who, key, fence, entered, System.nanoTime(), lost));
        }
    }

    /** Somebody entered a lock just now. */
    public Entry enter(String who, String key, long fence) {
        return new Entry(who, key, fence);
    }

    /** Adds a stay that was timed elsewhere on this machine. */
    public void add(Stay stay) {
        history.add(stay);
    }

    /** How many stays have ended. */
    public int size() {
        return history.size();
    }

    /**
     * Checks everything written down.
     *
     * @throws AssertionError if two stays contradict each other; the message names both
     */
    public void check() {
        Map<String, List<Stay>> byKey = history.stream().collect(Collectors.groupingBy(Stay::key));
        List<String> contradictions = new ArrayList<>();
        byKey.values().forEach(stays -> check(stays, contradictions));
        if (!contradictions.isEmpty()) {
            throw new AssertionError(contradictions.size() + " contradictions in " + size() + " stays, the first:\n"
                    + contradictions.stream().limit(5).collect(Collectors.joining("\n")));
        }
    }

    private static void check(List<Stay> unordered, List<String> contradictions) {
        List<Stay> stays = new ArrayList<>(unordered);
        stays.sort(Comparator.comparingLong(Stay::entered));
        Stay newest = null;
        for (Stay stay : stays) {
            boolean excused = stay.lost() && newest != null && stay.fence() != newest.fence();
            if (newest != null && stay.fence() <= newest.fence() && !excused) {
                contradictions.add(stay + " entered later with a fence that did not grow after " + newest);
            }
            newest = newest == null || stay.fence() > newest.fence() ? stay : newest;
        }
        Stay latest = null;
        for (Stay stay : stays) {
            if (latest != null && stay.entered() - latest.left() < 0) {
                contradictions.add(stay + " entered while inside was " + latest);
            }
            if (!stay.lost() && (latest == null || stay.left() - latest.left() > 0)) {
                latest = stay;
            }
        }
    }
}
