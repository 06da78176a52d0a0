package io.lockweave.spring.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of one name, mode and backend: each is there, at zero, from the first use of the name on, so that the
 * first lost lock is an increase and not a series out of nowhere. Safe for use from any thread.
 */
final class LockSeries {

    private final MeterRegistry meters;
    private final Tags tags;
    private final Map<String, Timer> waits = new ConcurrentHashMap<>();
    private final Map<String, Timer> holdTimes = new ConcurrentHashMap<>();

    /** Callers that have asked and have no answer yet. */
    final AtomicInteger waiters = new AtomicInteger();

    final AtomicInteger holds = new AtomicInteger();

    LockSeries(MeterRegistry meters, String name, String mode, String backend) {
        this.meters = meters;
        this.tags = Tags.of("name", name, "mode", mode, "backend", backend);
        meters.gauge("lockweave.waiters", (Iterable<Tag>) tags, waiters);
        meters.gauge("lockweave.holds", (Iterable<Tag>) tags, holds);
        LockOutcome.WAITS.forEach(this::wait);
        LockOutcome.HOLDS.forEach(this::hold);
        LockOutcome.PROBLEMS.forEach(this::problems);
    }

    void waited(String outcome, Duration time) {
        wait(outcome).record(time);
    }

    void held(String outcome, Duration time) {
        holds.decrementAndGet();
        hold(outcome).record(time);
    }

    void problem(String outcome) {
        problems(outcome).increment();
    }

    private Timer wait(String outcome) {
        return waits.computeIfAbsent(outcome, own -> meters.timer("lockweave.wait", with(own)));
    }

    private Timer hold(String outcome) {
        return holdTimes.computeIfAbsent(outcome, own -> meters.timer("lockweave.hold", with(own)));
    }

    private Counter problems(String outcome) {
        return meters.counter("lockweave.problems", with(outcome));
    }

    /** As the type that all versions of Micrometer have in their methods. */
    private Iterable<Tag> with(String outcome) {
        return tags.and("outcome", outcome);
    }
}
