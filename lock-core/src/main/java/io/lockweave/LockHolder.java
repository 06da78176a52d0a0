package io.lockweave;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock, as far as the answering side knows.
 *
 * @param owner the random token of the acquisition
 * @param place where the holder runs: host, process and thread
 * @param mode the mode held
 * @param fence the fencing token
 * @param heldFor how long it has been held, or null if not known
 * @param leaseLeft how long the store keeps it without renewal, or null if it has no lease
 */
public record LockHolder(
        String owner,
        LockPlace place,
        LockMode mode,
        long fence,
        @Nullable Duration heldFor,
        @Nullable Duration leaseLeft) {

    /** The holder in one line for messages and logs. */
    public String describe() {
        StringBuilder text = new StringBuilder(place.toString());
        if (heldFor != null) {
            text.append(" for ").append(Durations.text(heldFor));
        }
        if (leaseLeft != null) {
            text.append(", lease ends in ").append(Durations.text(leaseLeft));
        }
        return text.append(" (fence ").append(fence).append(")").toString();
    }
}
