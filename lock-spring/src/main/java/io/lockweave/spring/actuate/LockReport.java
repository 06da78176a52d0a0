package io.lockweave.spring.actuate;

import io.lockweave.LockHolder;
import io.lockweave.LockInfo;
import io.lockweave.LockOutage;
import io.lockweave.LockWaiter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One lock for people and programs that ask over HTTP or JMX. Owner tokens stay inside.
 *
 * @param key the key
 * @param address where the endpoint has this lock: the encoded path below it; null if none leads to exactly this lock
 * @param backend the backend that has it
 * @param holders who holds it
 * @param waiters who waits for it in this process: first those who ask the store, then the others in their order
 * @param waitersElsewhere how many other processes wait for it; null if the store cannot tell
 * @param inTransit whether it was passing from one holder to the next at that moment, so that the holders may be out of
 *     date
 */
public record LockReport(
        String key,
        @Nullable String address,
        String backend,
        List<Holder> holders,
        List<Waiter> waiters,
        @Nullable Integer waitersElsewhere,
        boolean inTransit) {

    static LockReport of(LockInfo info, @Nullable String address) {
        return new LockReport(
                info.key(),
                address,
                info.backend(),
                info.holders().stream().map(LockReport::holder).toList(),
                info.waiters().stream().map(LockReport::waiter).toList(),
                info.waitersElsewhere() < 0 ? null : info.waitersElsewhere(),
                info.inTransit());
    }

    /** What is known of a store that does not answer, for people. */
    static String describe(LockOutage outage) {
        return "no answer for " + outage.lasting().toMillis() + " ms"
                + (outage.refusesClaims() ? "; claims are refused at once, but for one a second" : "");
    }

    private static Holder holder(LockHolder holder) {
        return new Holder(
                holder.place().toString(),
                holder.mode().name().toLowerCase(Locale.ROOT),
                Long.toString(holder.fence()),
                millis(holder.heldFor()),
                millis(holder.leaseLeft()));
    }

    private static Waiter waiter(LockWaiter waiter) {
        return new Waiter(
                waiter.place().toString(),
                waiter.mode().name().toLowerCase(Locale.ROOT),
                waiter.waitedFor().toMillis(),
                millis(waiter.timeLeft()),
                waiter.way().name().toLowerCase(Locale.ROOT),
                waiter.asked(),
                millis(waiter.asksAgainIn()));
    }

    private static @Nullable Long millis(@Nullable Duration time) {
        return time == null ? null : time.toMillis();
    }

    /**
     * Who holds a lock.
     *
     * @param place host, process and thread
     * @param mode exclusive, shared or permit
     * @param fence the fencing token, as text: it is larger than what numbers of JavaScript hold
     * @param heldMillis for how long, or null if not known
     * @param leaseLeftMillis how long the store keeps it without renewal, or null if it has no lease
     */
    public record Holder(
            String place,
            String mode,
            String fence,
            @Nullable Long heldMillis,
            @Nullable Long leaseLeftMillis) {}

    /**
     * Who waits for a lock.
     *
     * @param place host, process and thread
     * @param mode the mode asked for
     * @param waitingMillis for how long
     * @param timeLeftMillis how long it goes on at most, or null if there is no limit
     * @param way queued: behind others of this process; listening: the store tells it of the release; polling: it asks
     *     again and again
     * @param asked how often it has asked the store
     * @param asksAgainMillis when it asks again at the latest, or null if it is queued
     */
    public record Waiter(
            String place,
            String mode,
            long waitingMillis,
            @Nullable Long timeLeftMillis,
            String way,
            int asked,
            @Nullable Long asksAgainMillis) {}
}
