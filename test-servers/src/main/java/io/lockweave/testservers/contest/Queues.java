package io.lockweave.testservers.contest;

import io.lockweave.testkit.HistoryChecker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How long others had to wait, also behind a JVM that was stopped or killed while it waited itself. */
final class Queues {

    /** Ten first leases. Nobody has to be that late, however busy the machine is. */
    private static final long PATIENCE_SECONDS = 30;

    /** A JVM that was stopped in this moment, while it waited for a key and had no thread inside; after which fault. */
    private record Stopped(String who, String key, long at, String after) {}

    private final List<Stopped> stopped = new ArrayList<>();

    /** A JVM was stopped in this moment, while it waited for this key; the fault before that may last still. */
    void stoppedWaiter(ContestingProcess process, String key, long at, String after) {
        stopped.add(new Stopped(process.who(), key, at, after));
    }

    /** How many of them there were. */
    int count() {
        return stopped.size();
    }

    /** Waits until one of these enters a key: one that waits must not keep out those behind it. */
    static void awaitEntry(List<ContestingProcess> others, String key) {
        int before = entries(others, key);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (entries(others, key) == before) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("nobody gets in behind a waiter that was stopped or killed, key " + key);
            }
            ContestingFleet.rest(10);
        }
    }

    private static int entries(List<ContestingProcess> processes, String key) {
        return processes.stream()
                .mapToInt(process -> process.log().entries(key))
                .sum();
    }

    /** The longest times from when such a key was free, or its waiter was stopped later, until somebody else was in. */
    String longestWait(List<HistoryChecker.Stay> stays) {
        Map<String, Long> longest = new TreeMap<>();
        stopped.forEach(one -> longest.merge(
                "ms after " + one.after().replaceAll(" .*", ""),
                TimeUnit.NANOSECONDS.toMillis(waitBehind(one, stays)),
                Math::max));
        return longest.toString();
    }

    private static long waitBehind(Stopped one, List<HistoryChecker.Stay> all) {
        long free = one.at();
        long next = Long.MAX_VALUE;
        for (HistoryChecker.Stay stay : all) {
            if (stay.key().equals(one.key()) && !stay.who().equals(one.who())) {
                if (stay.entered() <= one.at()) {
                    free = Math.max(free, stay.left());
                } else {
                    next = Math.min(next, stay.entered());
                }
            }
        }
        return next == Long.MAX_VALUE ? 0 : next - free;
    }

    /** Somebody always waits for each key, so that this is how long the worst fault kept everybody out. */
    static long longestGap(List<HistoryChecker.Stay> stays, int keys) {
        long longest = 0;
        for (int key = 0; key < keys; key++) {
            String number = "" + key;
            List<HistoryChecker.Stay> ordered = stays.stream()
                    .filter(stay -> stay.key().equals(number))
                    .sorted(Comparator.comparingLong(HistoryChecker.Stay::entered))
                    .toList();
            for (int i = 1; i < ordered.size(); i++) {
                longest = Math.max(
                        longest, ordered.get(i).entered() - ordered.get(i - 1).left());
            }
        }
        return longest;
    }
}
