package io.lockweave.spring;

import io.lockweave.LockBackendException;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockEvent;
import io.lockweave.LockListener;
import io.lockweave.LockMode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Meters of all locks, tagged with name, mode, backend and outcome. Never with a key: there is no bound on how many there are.
 *
 * <p>{@code lockweave.wait} times how long it took to get a lock or not to get it, {@code lockweave.hold} how long locks were
 * held, {@code lockweave.holds} counts those held at the moment, and {@code lockweave.problems} what should not happen: renewals and
 * releases that failed, stores that did not answer, deadlocks refused.
 */
final class LockMetrics implements LockListener {

    private final MeterRegistry meters;
    private final Map<Tags, AtomicInteger> holds = new ConcurrentHashMap<>();

    LockMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void onEvent(LockEvent event) {
        Tags tags = Tags.of(
                "name", event.key().name(),
                "mode", word(event.mode()),
                "backend", event.backend());
        switch (event.type()) {
            case ACQUIRED -> {
                time("lockweave.wait", event, tags, "acquired");
                holds(tags).incrementAndGet();
            }
            case UNAVAILABLE -> time("lockweave.wait", event, tags, whyNot(event));
            case RELEASED -> ended(event, tags, "released");
            case LOST -> ended(event, tags, "lost");
            case RELEASE_FAILED -> ended(event, tags, "release-failed");
            case RENEWAL_FAILED -> problem(tags, "renewal-failed");
            case BACKEND_FAILED -> problem(tags, "backend-failed");
            case DEADLOCK -> problem(tags, "deadlock");
            case ORDER -> problem(tags, "order");
            case WAITING -> {
                // the wait is timed when it has ended
            }
        }
    }

    private static String whyNot(LockEvent event) {
        Throwable failure = event.failure().orElse(null);
        return failure instanceof LockBackendException
                ? "failed"
                : failure instanceof LockDeadlockException ? "deadlock" : "unavailable";
    }

    private void ended(LockEvent event, Tags tags, String outcome) {
        time("lockweave.hold", event, tags, outcome);
        holds(tags).decrementAndGet();
    }

    private void time(String meter, LockEvent event, Tags tags, String outcome) {
        meters.timer(meter, with(tags, outcome)).record(event.time());
    }

    private void problem(Tags tags, String outcome) {
        meters.counter("lockweave.problems", with(tags, outcome)).increment();
    }

    /** As the type that all versions of Micrometer have in their methods. */
    private static Iterable<Tag> with(Tags tags, String outcome) {
        return tags.and("outcome", outcome);
    }

    private AtomicInteger holds(Tags tags) {
        return holds.computeIfAbsent(tags, own -> {
            AtomicInteger count = new AtomicInteger();
            meters.gauge("lockweave.holds", own, count);
            return count;
        });
    }

    private static String word(LockMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
