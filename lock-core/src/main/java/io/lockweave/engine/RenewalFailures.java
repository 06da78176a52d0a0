package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.spi.Grant;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/** Tells of renewals that failed, on another thread: nobody who listens holds up what keeps the locks. */
final class RenewalFailures {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final Workers workers;
    private final EventPublisher events;

    RenewalFailures(Workers workers, EventPublisher events) {
        this.workers = workers;
        this.events = events;
    }

    /** One of them, with what was left of its lease at that time: a later renewal may succeed before it is told. */
    private record Failed(Grant grant, long left) {}

    void tell(List<LeasedGrant> batch, long now, Throwable failure) {
        List<Failed> failed = batch.stream()
                .map(live -> new Failed(live.grant(), live.deadline() - now))
                .toList();
        workers.loss(() -> tellNow(failed, failure));
    }

    private void tellNow(List<Failed> batch, Throwable failure) {
        Failed first = batch.get(0);
        LOG.log(
                Level.WARNING,
                "Renewing " + batch.size() + " lock(s), " + first.grant.key()
                        + " among them, failed; it is tried again until the lease ends in "
                        + Duration.ofNanos(Math.max(0, first.left)).toMillis() + " ms",
                failure);
        for (Failed one : batch) {
            Grant grant = one.grant;
            events.fire(
                    LockEvent.Type.RENEWAL_FAILED,
                    new EventPublisher.Subject(grant.key(), grant.claim().mode(), grant.fence(), false),
                    one.left,
                    failure,
                    "");
        }
    }
}
