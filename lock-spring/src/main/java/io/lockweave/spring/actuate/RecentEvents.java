package io.lockweave.spring.actuate;

import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.spring.backend.BoundedNames;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What operators ask for first, of the last hour and of this process alone: which locks were lost, and which names are
 * waited for most. Its memory is bounded: so many losses, and a counter a minute for each of a bounded number of names.
 * Safe for use from any thread.
 */
final class RecentEvents implements LockListener {

    static final Duration SPAN = Duration.ofHours(1);

    /** So many losses are remembered, the newest. */
    static final int MOST_LOST = 100;

    private static final int MOST_NAMES = 10;

    private final InstantSource clock;
    private final String namespace;
    private final BoundedNames names;
    private final Deque<LocksReport.Lost> lost = new ArrayDeque<>();
    private final Map<String, MinuteCounts> waits = new ConcurrentHashMap<>();
    private final Map<String, MinuteCounts> unavailable = new ConcurrentHashMap<>();

    RecentEvents(InstantSource clock, String namespace, BoundedNames names) {
        this.clock = clock;
        this.namespace = namespace;
        this.names = names;
    }

    @Override
    public void onEvent(LockEvent event) {
        switch (event.type()) {
            case WAITING -> count(waits, event);
            case UNAVAILABLE -> count(unavailable, event);
            case LOST -> noteLost(event);
            default -> {
                // of no interest here
            }
        }
    }

    private void count(Map<String, MinuteCounts> counts, LockEvent event) {
        counts.computeIfAbsent(names.tag(event.key().name()), name -> new MinuteCounts())
                .add(clock.instant());
    }

    private void noteLost(LockEvent event) {
        LockKey key = event.key();
        LocksReport.Lost one = new LocksReport.Lost(
                (key.namespace().isEmpty() ? key.in(namespace) : key).toString(),
                event.backend(),
                clock.instant(),
                event.time().toMillis(),
                event.detail());
        synchronized (lost) {
            if (lost.size() == MOST_LOST) {
                lost.removeLast();
            }
            lost.addFirst(one);
        }
    }

    /** The losses of the last hour, the newest first. */
    List<LocksReport.Lost> lost() {
        Instant since = clock.instant().minus(SPAN);
        synchronized (lost) {
            return lost.stream().filter(one -> one.at().isAfter(since)).toList();
        }
    }

    /** The names that were busy in the last hour, the ones with the most waits first. */
    List<LocksReport.Contended> contended() {
        Set<String> all = new TreeSet<>(waits.keySet());
        all.addAll(unavailable.keySet());
        return all.stream()
                .map(name -> new LocksReport.Contended(name, sum(waits, name), sum(unavailable, name)))
                .filter(one -> one.waits() + one.unavailable() > 0)
                .sorted(Comparator.comparingLong(LocksReport.Contended::waits)
                        .thenComparingLong(LocksReport.Contended::unavailable)
                        .reversed())
                .limit(MOST_NAMES)
                .toList();
    }

    private long sum(Map<String, MinuteCounts> counts, String name) {
        MinuteCounts known = counts.get(name);
        return known == null ? 0 : known.sum(clock.instant());
    }
}
