package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.spi.Grant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A grant of the store while this JVM keeps it: used by one hold, by several shared ones, or parked between two. It
 * gives each hold a fence of its own out of the store's stride.
 */
final class LeasedGrant {

    /** What uses a grant: a hold. */
    interface User {

        /** Gets its fence, and the grant if there is one. */
        void begin(long fence, @Nullable LeasedGrant grant, boolean handedOver);

        /** Whether nobody is left who could give it back. */
        boolean isAbandoned();

        void lose(String why);
    }

    private final Grant grant;
    private final long leaseNanos;
    private final boolean renewed;
    private final long since;

    /** Its monitor guards it and what comes after it: a monitor, because one is left without any stack. */
    private final List<User> users = new ArrayList<>(1);

    @GuardedBy("users")
    private int fencesUsed;

    @GuardedBy("users")
    private long keepUntil;

    @GuardedBy("users")
    private boolean keep;

    @GuardedBy("users")
    private boolean ended;

    private volatile long deadline;

    /** The keeper's: when to look at it next, and whether a renewal is under way. Guarded by the keeper's lock. */
    long lookAt;

    boolean renewing;
    boolean kept;

    LeasedGrant(Grant grant, long leaseNanos, boolean renewed, long now, long deadline) {
        this.grant = grant;
        this.leaseNanos = leaseNanos;
        this.renewed = renewed;
        this.since = now;
        this.deadline = deadline;
    }

    /**
     * Lets a hold use it: the hold begins, with a fence of its own. In one step, so that it cannot be lost before it
     * has begun. False if the grant has ended or its fences are used up.
     */
    boolean join(User user, boolean handedOver) {
        synchronized (users) {
            if (ended || fencesUsed >= grant.fences()) {
                return false;
            }
            users.add(user);
            user.begin(grant.fence() + fencesUsed++, this, handedOver);
            return true;
        }
    }

    /** How a hold stopped using a grant. */
    enum Parting {
        /** The grant had ended before: the hold was lost. */
        LOST,
        /** Nobody uses the grant any more. */
        LAST,
        /** Others still use it. */
        OTHERS_STAY
    }

    /** A hold stops using it. What becomes of the grant later is none of its business any more. */
    Parting part(User user) {
        synchronized (users) {
            users.remove(user);
            return ended ? Parting.LOST : users.isEmpty() ? Parting.LAST : Parting.OTHERS_STAY;
        }
    }

    /** As above, of one that asks to keep it from others until then. */
    Parting part(User user, long keepUntil) {
        synchronized (users) {
            if (!keep || keepUntil - this.keepUntil > 0) {
                keep = true;
                this.keepUntil = keepUntil;
            }
            return part(user);
        }
    }

    /** How long the store has to keep it although nobody uses it any more. */
    long keepNanos(long now) {
        synchronized (users) {
            return keep ? Math.max(0, keepUntil - now) : 0;
        }
    }

    /** Ends it: nobody joins any more. False if it had ended already. */
    boolean end() {
        synchronized (users) {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }

    /** Ends it if nobody uses it. */
    boolean endIfUnused() {
        synchronized (users) {
            return users.isEmpty() && end();
        }
    }

    /** Whether nobody is left who could give it back. */
    boolean isAbandoned() {
        synchronized (users) {
            return !users.isEmpty() && users.stream().allMatch(User::isAbandoned);
        }
    }

    /** Ends it as lost and tells every hold that uses it. */
    void lose(String why) {
        List<User> losers;
        synchronized (users) {
            if (!end()) {
                return;
            }
            losers = List.copyOf(users);
        }
        losers.forEach(user -> user.lose(why));
    }

    /** Whether the next waiter of this JVM may have it: within the bounds that keep other JVMs from starving. */
    boolean mayPass(long now, long longest) {
        synchronized (users) {
            return renewed
                    && !ended
                    && !keep
                    && fencesUsed < grant.fences()
                    && now - since < longest
                    && lastsLongEnough(now);
        }
    }

    /** Whether a hold may begin with what is left of the lease. */
    boolean lastsLongEnough(long now) {
        return RenewalSchedule.isEnoughToPassOn(deadline - now, leaseNanos);
    }

    /** Whether it suits a claim with this lease. */
    boolean suits(ResolvedOptions options) {
        return renewed && options.renew() && leaseNanos == options.leaseNanos();
    }

    boolean hasEnded() {
        synchronized (users) {
            return ended;
        }
    }

    Grant grant() {
        return grant;
    }

    long leaseNanos() {
        return leaseNanos;
    }

    boolean renewed() {
        return renewed;
    }

    long since() {
        return since;
    }

    /** When it is no longer guaranteed, by the monotonic clock. */
    long deadline() {
        return deadline;
    }

    void prolongedTo(long deadline) {
        this.deadline = deadline;
    }
}
