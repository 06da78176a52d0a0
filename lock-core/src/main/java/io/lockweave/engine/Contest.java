package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The wait loop: one claim's contest for a lock in the store. Tries, subscribes, tries again, and then sleeps at most
 * until a hint, the holder's lease end, the poll interval or the deadline. It does not sleep itself: the driver calls
 * {@link #look} when woken or when {@link #nextLook} has come, so that it serves blocked threads and callbacks alike.
 */
final class Contest implements Waker {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private static final long POLL_FIRST = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long POLL_MOST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_FIRST = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_MOST = TimeUnit.SECONDS.toNanos(1);

    /** Past the holder's lease end, so that the store's clock agrees that it has passed. */
    private static final long LEASE_END_SLACK = TimeUnit.MILLISECONDS.toNanos(2);

    /** A grant pushed to this JVM is renewed after this time or a tenth of its lease, whichever is sooner. */
    private static final long CONFIRM = TimeUnit.MILLISECONDS.toNanos(200);

    /** A pushed grant, with the lease that the store gave it. */
    private record Pushed(Grant grant, Duration lease) {}

    /** A try that was sent, and when. */
    private record Try(int number, long sent) {}

    private final Core core;
    private final LockStore store;
    private final Ask ask;
    private final long deadline;
    private final Waiter.Sleeper sleeper;
    private final boolean pushes;
    private volatile Claim claim;
    private Try newest;

    /** The last try that was answered busy: what had been granted before that answer is over. */
    private Try lastBusy;

    private long nextLook;

    /** When it asks again, whatever the store tells: before that the watch may say that there is no need to. */
    private long nextAsk;

    private long poll = POLL_FIRST;
    private long retry = RETRY_FIRST;
    private @Nullable Watch watch;
    private @Nullable LockHolder holder;
    private @Nullable LiveGrant won;
    private @Nullable LockException failure;
    private volatile boolean woken;

    /** Within how many nanoseconds it is to look; 0 if nothing was said. */
    private volatile long wokenWithin;

    private final AtomicReference<@Nullable Pushed> pushed = new AtomicReference<>();
    private volatile boolean over;

    Contest(Request request, LockStore store) {
        this.core = request.core();
        this.store = store;
        this.ask = request.ask();
        this.deadline = request.deadline();
        this.sleeper = request.sleeper();
        this.pushes = store.capabilities().contains(Capability.PUSH);
        this.claim = core.claim(request.key(), ask, request.owner());
        this.nextLook = core.now();
        this.nextAsk = nextLook;
        this.newest = new Try(claim.tryNumber(), nextLook);
        this.lastBusy = newest;
    }

    /** Looks after the claim. Through means that {@link #won} has the grant. */
    Progress look() {
        while (true) {
            Pushed told = pushed.getAndSet(null);
            if (told != null && enter(told)) {
                end();
                return Progress.Known.THROUGH;
            }
            long now = core.now();
            if (wokenWithin > 0) {
                long soon = now + ThreadLocalRandom.current().nextLong(wokenWithin);
                wokenWithin = 0;
                askBy(nextAsk - soon < 0 ? nextAsk : soon);
            }
            if (!woken && (nextLook - now > 0 || mayStayQuiet(now))) {
                return new Progress.Waiting(nextLook, holder, asked());
            }
            woken = false;
            if (attempt(now)) {
                end();
                return won == null ? new Progress.Refused(failure, holder, asked()) : Progress.Known.THROUGH;
            }
        }
    }

    private void askBy(long time) {
        nextAsk = soonest(time);
        nextLook = nextLook - nextAsk < 0 ? nextLook : nextAsk;
    }

    /** Whether it would be told what asking tells; then it looks again after a while. */
    private boolean mayStayQuiet(long now) {
        Watch begun = watch;
        if (begun == null || !pushes || nextAsk - now <= 0) {
            return false;
        }
        long untilAsk = newest.sent() + Nanos.of(begun.quiet()) - now;
        if (untilAsk <= 0) {
            return false;
        }
        nextLook = now + Math.min(Math.min(untilAsk, nextAsk - now), LockStore.POLL_WITH_PUSH.toNanos());
        return true;
    }

    /** One try; true when it is over: won, failed, or busy until the deadline. */
    private boolean attempt(long now) {
        Stack.ensureForStore();
        LockBackendException down = claim.tryNumber() == 0 ? core.breaker().refusal(claim.key(), now) : null;
        if (down != null) {
            failure = down;
            core.events().fireFailed(claim.key(), claim.mode(), 0, down);
            return true;
        }
        boolean last = deadline - now <= 0;
        claim = claim.inTry(claim.tryNumber() + 1);
        newest = new Try(claim.tryNumber(), now);
        Claim asked = last ? Claims.lastTry(claim) : claim;
        Attempt answer;
        try {
            core.timers().ensureRunning(); // else nobody would renew what is granted
        } catch (LockBackendException e) {
            return failed(e, last);
        }
        try {
            answer = store.tryAcquire(asked, Duration.ofNanos(Math.max(0, deadline - now)));
        } catch (LockBackendException e) {
            settleLater(asked, now);
            return failed(e, last);
        } catch (LockException e) {
            failure = e;
            return true;
        } catch (Throwable e) {
            core.returns().withdraw(claim);
            throw e;
        }
        core.breaker().answered();
        core.handOverBound().answeredAfter(core.now() - now);
        retry = RETRY_FIRST;
        if (answer instanceof Attempt.Granted granted) {
            return granted(granted.grant(), now);
        }
        return busy((Attempt.Busy) answer, last);
    }

    private boolean failed(LockBackendException e, boolean last) {
        if (e.retryable()) {
            core.breaker().failed(core.now(), e);
        }
        if (last || isTooLate() || !e.retryable()) {
            failure = e;
            core.returns().withdraw(claim);
            core.events().fireFailed(claim.key(), claim.mode(), core.now() - newest.sent(), e);
            return true;
        }
        LOG.log(Level.DEBUG, () -> "Asking for lock " + claim.key() + " failed and is tried again: " + e.getMessage());
        nextAsk = soonest(core.now() + jittered(retry));
        nextLook = nextAsk;
        retry = Math.min(RETRY_MOST, retry * 2);
        return false;
    }

    /**
     * The request of a try that failed may still take the lock, also after the claim was withdrawn or the lock
     * released.
     */
    private void settleLater(Claim asked, long sent) {
        long settling = Nanos.of(store.settlingTime());
        if (settling > 0) {
            core.timers().at(sent + settling, () -> settle(asked));
        }
    }

    private void settle(Claim asked) {
        boolean given = asked.owner().equals(claim.owner());
        if (given && !over) {
            return; // what it was granted is found by the next try
        }
        LiveGrant mine = won;
        if (!given || mine == null || mine.hasEnded()) {
            core.returns().withdraw(asked);
        }
    }

    private boolean isTooLate() {
        return deadline - core.now() <= 0;
    }

    private boolean granted(Grant grant, long sent) {
        if (grant.fences() < 1) {
            core.returns().withdraw(claim);
            failure = LockBackendException.lasting(
                    "The store " + store.name() + " granted lock " + claim.key() + " with no fence (" + grant.fence()
                            + ", " + grant.fences() + " of them). To fix it: report it, with the store's version",
                    null);
            return true;
        }
        long end = sent + Nanos.of(claim.lease());
        if (end - core.now() > Nanos.of(claim.lease()) / 4) {
            won = core.keep(grant, ask, end, Keeper.renewalAfter(sent, ask.leaseNanos()));
            return true;
        }
        // The answer took so long that the lease is all but over: not acquired. The next try is a new claim.
        core.returns().withdraw(claim);
        claim = Claims.again(claim, core.tokens().next());
        stopWatching();
        return isTooLate();
    }

    private boolean busy(Attempt.Busy answer, boolean last) {
        holder = answer.holder();
        lastBusy = newest;
        if (last || isTooLate()) {
            return givesUp(last);
        }
        if (watch == null) {
            Watch begun;
            try {
                begun = store.watch(claim, this);
            } catch (LockBackendException e) {
                return failed(e, false);
            }
            watch = begun;
            if (isTooLate()) {
                return givesUp(false);
            }
            if (!begun.missedNothing()) {
                return false; // and look again at once
            }
        }
        long now = core.now();
        Duration leaseEnd = answer.retryAfter();
        nextAsk = leaseEnd == null ? deadline : soonest(now + Nanos.of(leaseEnd) + LEASE_END_SLACK);
        nextLook = now + (pushes ? LockStore.POLL_WITH_PUSH.toNanos() : jittered(poll));
        nextLook = nextLook - nextAsk < 0 ? nextLook : nextAsk;
        poll = Math.min(POLL_MOST, poll + poll / 2);
        return false;
    }

    /** One round trip past the deadline is all there may be; a claim that meant to wait may be queued in the store. */
    private boolean givesUp(boolean lastTry) {
        if (!lastTry) {
            core.returns().withdraw(claim);
        }
        return true;
    }

    private long soonest(long time) {
        return deadline - time < 0 ? deadline : time;
    }

    private static long jittered(long nanos) {
        return nanos - nanos / 4 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
    }

    /** Enters with a pushed grant if that is still good; it may have been told long after it was made. */
    private boolean enter(Pushed told) {
        Grant grant = told.grant();
        if (!grant.owner().equals(claim.owner())) {
            core.returns().withdraw(grant.claim());
            return false;
        }
        Try answered = answeredBy(grant);
        if (answered == null) {
            return false;
        }
        long lease = Nanos.of(told.lease());
        long end = answered.sent() + lease;
        long now = core.now();
        boolean shortForGood = !ask.renew() && told.lease().compareTo(claim.lease()) < 0;
        if (end - now <= lease / 4 || shortForGood) {
            // Waited for too long to be sure of it, or nothing would prolong its first lease: ask once more, which
            // grants it again with a full lease.
            woken = true;
            return false;
        }
        won = core.keep(grant, ask, end, now + Math.min(CONFIRM, lease / 10));
        return true;
    }

    /**
     * The try that a pushed grant answers, if it is the newest that the store has answered so far. A grant to an
     * earlier one is over, or the answer after it would not have been busy.
     */
    private @Nullable Try answeredBy(Grant grant) {
        int number = grant.claim().tryNumber();
        if (number == newest.number()) {
            return newest;
        }
        return number == lastBusy.number() ? lastBusy : null; // the tries after it failed
    }

    private void end() {
        over = true;
        stopWatching();
        Pushed late = pushed.get();
        LiveGrant mine = won;
        if (late != null
                && (mine == null || !mine.grant().owner().equals(late.grant().owner()))) {
            core.returns().withdraw(late.grant().claim());
        }
    }

    private void stopWatching() {
        Watch begun = watch;
        if (begun != null) {
            watch = null;
            try {
                begun.close();
            } catch (Throwable e) { // it was only there to save polls: the lock is not affected
                LOG.log(Level.WARNING, "The watch of lock " + claim.key() + " could not be ended", e);
            }
        }
    }

    /** Gives up: whatever the store has granted or queued is taken back. */
    void abandon() {
        end();
        LiveGrant mine = won;
        if (mine != null) {
            core.returns().giveBack(mine);
        } else {
            core.returns().withdraw(claim);
        }
    }

    @Override
    public void wake() {
        woken = true;
        sleeper.wake();
    }

    @Override
    public void wakeWithin(Duration time) {
        wokenWithin = Math.max(1, time.toNanos());
        sleeper.wake();
    }

    @Override
    public void granted(Grant grant, Duration lease) {
        if (!grant.owner().equals(claim.owner())) {
            core.returns().withdraw(grant.claim());
            return;
        }
        pushed.set(new Pushed(grant, lease));
        if (over) {
            LiveGrant mine = won;
            if (mine == null) {
                core.returns().withdraw(grant.claim());
            }
            return;
        }
        sleeper.wake();
    }

    /** How often it has asked the store. */
    int asked() {
        return newest.number();
    }

    @Nullable
    LiveGrant won() {
        return won;
    }
}
