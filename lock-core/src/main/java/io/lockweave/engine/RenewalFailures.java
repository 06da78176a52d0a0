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
    private final Events events;

    RenewalFailures(Workers workers, Events events) {
        this.workers = workers;
        this.events = events;
    }

    void tell(List<LiveGrant> batch, long now, Throwable failure) {
        workers.loss(() -> tellNow(batch, now, failure));
    }

    private void tellNow(List<LiveGrant> batch, long now, Throwable failure) {
        LOG.log(
                Level.WARNING,
                "Renewing " + batch.size() + " lock(s), " + batch.get(0).grant().key()
                        + " among them, failed; it is tried again until the lease ends in "
                        + Duration.ofNanos(Math.max(0, batch.get(0).deadline() - now))
                                .toMillis() + " ms",
                failure);
        for (LiveGrant live : batch) {
            Grant grant = live.grant();
            events.fire(
                    LockEvent.Type.RENEWAL_FAILED,
                    new Events.Subject(grant.key(), grant.claim().mode(), grant.fence(), false),
                    live.deadline() - now,
                    failure,
                    "");
        }
    }
}
