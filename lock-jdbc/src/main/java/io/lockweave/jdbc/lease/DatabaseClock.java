package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.dialect.LeaseTable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The database's clock as this JVM knows it from answers: never ahead of it. With it a take says until when it may take
 * effect, so that one that reaches the database after its caller gave up locks the key for nobody.
 */
final class DatabaseClock {

    /** What the clock said at least at a time of this JVM. */
    private record Reading(long micros, long at) {}

    private final long timeout;
    private volatile @Nullable Reading last;

    /** How long a caller waits for an answer. */
    DatabaseClock(Duration timeout) {
        this.timeout = timeout.toNanos() / 1_000;
    }

    /** An answer that has just come has this time of the database in it. */
    void read(long micros) {
        last = new Reading(micros, System.nanoTime());
    }

    /**
     * Until when what is sent now may take effect, by the database's clock; without end as long as that is not known.
     */
    long notAfter() {
        Reading reading = last;
        return reading == null
                ? LeaseTable.NEVER
                : reading.micros() + (System.nanoTime() - reading.at()) / 1_000 + timeout;
    }
}
