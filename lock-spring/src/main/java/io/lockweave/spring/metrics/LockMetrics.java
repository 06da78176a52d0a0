package io.lockweave.spring.metrics;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spring.backend.AcquisitionListener;
import io.lockweave.spring.backend.BoundedNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Meters of all locks, tagged with name, mode, backend and outcome. Never with a key: there is no bound on how many
 * there are.
 *
 * <p>{@code lockweave.wait} times how long it took to get a lock or not to get it, {@code lockweave.hold} how long
 * locks were held, {@code lockweave.waiters} counts who has asked and has no answer yet, {@code lockweave.holds} what
 * is held at the moment, and {@code lockweave.problems} what should not happen: renewals and releases that failed,
 * stores that did not answer, deadlocks refused. {@code lockweave.outage} is for how long the store of a backend has
 * given no answer, or 0.
 */
final class LockMetrics implements LockListener, AcquisitionListener {

    /** What tells series apart. */
    private record Which(String name, LockMode mode, String backend) {}

    private final MeterRegistry meters;
    private final BoundedNames names;
    private final Map<Which, LockSeries> all = new ConcurrentHashMap<>();
    private final Map<String, TimeGauge> outages = new ConcurrentHashMap<>();

    LockMetrics(MeterRegistry meters, BoundedNames names) {
        this.meters = meters;
        this.names = names;
    }

    @Override
    public void onEvent(LockEvent event) {
        LockSeries series = series(event.key(), event.mode(), event.backend());
        switch (event.type()) {
            case ACQUIRED -> {
                series.holds.incrementAndGet();
                series.waited(LockOutcome.ACQUIRED, event.time());
            }
            case UNAVAILABLE -> series.waited(LockOutcome.whyNot(event.failure().orElse(null)), event.time());
            case RELEASED -> series.held("released", event.time());
            case LOST -> series.held("lost", event.time());
            case RELEASE_FAILED -> series.held("release-failed", event.time());
            case RENEWAL_FAILED -> series.problem("renewal-failed");
            case BACKEND_FAILED -> series.problem("backend-failed");
            case DEADLOCK -> series.problem("deadlock");
            case ORDER -> series.problem("order");
            case WAITING -> {
                // the wait is timed when it has ended
            }
        }
    }

    private LockSeries series(LockKey key, LockMode mode, String backend) {
        Which which = new Which(names.tag(key.name()), mode, backend);
        LockSeries known = all.get(which);
        return known != null
                ? known
                : all.computeIfAbsent(
                        which, own -> new LockSeries(meters, own.name(), LockOutcome.word(mode), own.backend()));
    }

    @Override
    public Asked begins(Locks locks, Collection<LockKey> keys, LockOptions options) {
        if (!outages.containsKey(locks.backend())) { // asked of each acquisition, so without a lock
            outages.computeIfAbsent(locks.backend(), backend -> outage(locks));
        }
        List<AtomicInteger> waiters = keys.stream()
                .map(key -> series(key, options.mode(), locks.backend()).waiters)
                .distinct()
                .toList();
        waiters.forEach(AtomicInteger::incrementAndGet);
        return new Waiting(waiters);
    }

    private TimeGauge outage(Locks locks) {
        return TimeGauge.builder("lockweave.outage", locks, TimeUnit.SECONDS, LockMetrics::secondsOfOutage)
                .tag("backend", locks.backend())
                .register(meters);
    }

    private static double secondsOfOutage(Locks locks) {
        return locks.outage()
                .map(outage -> outage.lasting().toMillis() / 1_000.0)
                .orElse(0.0);
    }

    /** Somebody who waits, once for each series. */
    private record Waiting(List<AtomicInteger> waiters) implements Asked {

        @Override
        public void acquired(HeldLock held) {
            end();
        }

        @Override
        public void failed(@Nullable Throwable why) {
            end();
        }

        private void end() {
            waiters.forEach(AtomicInteger::decrementAndGet);
        }
    }
}
