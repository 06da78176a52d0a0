package io.lockweave.spring.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of one name, mode and backend. Safe for use from any thread. */
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
    }

    void waited(String outcome, Duration time) {
        waits.computeIfAbsent(outcome, own -> meters.timer("lockweave.wait", with(own)))
                .record(time);
    }

    void held(String outcome, Duration time) {
        holds.decrementAndGet();
        holdTimes
                .computeIfAbsent(outcome, own -> meters.timer("lockweave.hold", with(own)))
                .record(time);
    }

    void problem(String outcome) {
        meters.counter("lockweave.problems", with(outcome)).increment();
    }

    /** As the type that all versions of Micrometer have in their methods. */
    private Iterable<Tag> with(String outcome) {
        return tags.and("outcome", outcome);
    }
}
