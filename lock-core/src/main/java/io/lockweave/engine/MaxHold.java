package io.lockweave.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a hold may last at most.
 *
 * @param time what was set; null if nothing was
 * @param nanos the same, or {@link Nanos#ENDLESS}
 */
record MaxHold(@Nullable Duration time, long nanos) {

    static MaxHold of(@Nullable Duration time) {
        return new MaxHold(time, time == null ? Nanos.ENDLESS : Nanos.of(time));
    }

    boolean isSet() {
        return nanos != Nanos.ENDLESS;
    }

    /** Why a hold that lasted longer was lost. */
    String exceeded() {
        return "it was held for longer than maxHoldTime = " + time;
    }
}
