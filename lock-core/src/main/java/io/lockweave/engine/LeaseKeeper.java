package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.LockBackendException;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the grants of a store alive: renews each at about a third of its lease, many in one round trip, and declares it
 * lost when its deadline passes, whether or not a renewal is still under way. It never gives up renewing before that
 * deadline.
 */
final class LeaseKeeper {

    /** The most grants in one renewal call. */
    private static final int BATCH = 500;

    /** Threads that renew; more than one, so that a call that hangs does not hold up the others at once. */
    private static final int RENEWERS = 4;

    private static final int EARLY_LOSSES = 1_000;

    private final LockStore store;
    private final TimeSource time;
    private final Timers timers;
    private final Reclaim reclaim;
    private final Breaker breaker;
    private final MaxHold maxHold;
    private final Leftovers leftovers;
    private final RenewalFailures failures;
    private final WorkerPool renewers;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final TreeSet<LeasedGrant> byTime = new TreeSet<>((a, b) -> {
        long difference = a.lookAt - b.lookAt;
        return difference != 0
                ? Long.signum(difference)
                : a.grant().owner().compareTo(b.grant().owner());
    });

    @GuardedBy("lock")
    private final Map<String, LeasedGrant> byOwner = new HashMap<>();

    /** Losses told of grants that are not kept, or not yet: the answer that grants one may still be on its way. */
    @GuardedBy("lock")
    private final Map<String, String> lostEarly = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > EARLY_LOSSES;
        }
    };

    @GuardedBy("lock")
    private Timers.@Nullable Timer planned;

    @GuardedBy("lock")
    private long plannedAt;

    @GuardedBy("lock")
    private boolean ending;

    LeaseKeeper(
            LockStore store,
            TimeSource time,
            Timers timers,
            Threads threads,
            Reclaim reclaim,
            Breaker breaker,
            MaxHold maxHold,
            Leftovers leftovers,
            RenewalFailures failures) {
        this.renewers = new WorkerPool("lockweave-renew", RENEWERS, WorkerPool.Growth.NEVER, RENEWERS, timers, threads);
        this.store = store;
        this.time = time;
        this.timers = timers;
        this.reclaim = reclaim;
        this.breaker = breaker;
        this.maxHold = maxHold;
        this.leftovers = leftovers;
        this.failures = failures;
        store.onLost(this::lostInStore);
    }

    /** Begins to keep what the store has granted until that time. */
    LeasedGrant keep(Grant grant, ResolvedOptions options, long end, long firstLook) {
        LeasedGrant live = new LeasedGrant(grant, options.leaseNanos(), options.renew(), time.nanoTime(), end);
        keep(live, options.renew() ? firstLook : end);
        leftovers.watch();
        return live;
    }

    /** Begins to keep a grant. */
    private void keep(LeasedGrant live, long firstLook) {
        Stack.ensurePlenty();
        String lost;
        lock.lock();
        try {
            live.kept = true;
            live.lookAt = firstLook;
            byTime.add(live);
            byOwner.put(live.grant().owner(), live);
            plan();
            lost = lostEarly.isEmpty() ? null : lostEarly.remove(live.grant().owner());
        } finally {
            lock.unlock();
        }
        if (lost != null) {
            lose(live, lost);
        }
    }

    /** Stops keeping a grant that is about to be released. */
    void forget(LeasedGrant live) {
        Stack.ensurePlenty();
        lock.lock();
        try {
            live.kept = false;
            byTime.remove(live);
            byOwner.remove(live.grant().owner());
        } finally {
            lock.unlock();
        }
    }

    /** Whether it keeps any. */
    boolean keepsAny() {
        lock.lock();
        try {
            return !byTime.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void lostInStore(String owner, String why) {
        Stack.ensurePlenty();
        LeasedGrant live;
        lock.lock();
        try {
            live = byOwner.get(owner);
            if (live == null) {
                lostEarly.put(owner, why);
            }
        } finally {
            lock.unlock();
        }
        if (live != null) {
            lose(live, why);
        }
    }

    /** Plans the next look if it is earlier than the one planned. */
    @GuardedBy("lock")
    private void plan() {
        if (byTime.isEmpty()) {
            return;
        }
        long first = byTime.first().lookAt;
        if (planned == null || first - plannedAt < 0) {
            if (planned != null) {
                planned.cancel();
            }
            plannedAt = first;
            planned = timers.at(first, this::look);
        }
    }

    private void look() {
        List<LeasedGrant> lost = new ArrayList<>();
        Map<LeasedGrant, String> ended = new HashMap<>();
        Map<Long, List<LeasedGrant>> toRenew = new HashMap<>();
        lock.lock();
        try {
            planned = null;
            try {
                collect(time.nanoTime(), lost, ended, toRenew);
            } finally {
                plan();
            }
        } finally {
            lock.unlock();
        }
        for (LeasedGrant live : lost) {
            lose(live, "its lease ended before it could be renewed");
            takeBack(live);
        }
        ended.forEach((live, why) -> {
            lose(live, why);
            reclaim.withdraw(live.grant().claim());
        });
        toRenew.forEach((lease, grants) -> {
            for (int from = 0; from < grants.size(); from += BATCH) {
                List<LeasedGrant> batch = List.copyOf(grants.subList(from, Math.min(grants.size(), from + BATCH)));
                renewers.execute(() -> renew(batch, lease)); // once closed, nothing is left to renew
            }
        });
    }

    /** What is due, and with a renewal that is due also what would be due soon after. */
    @GuardedBy("lock")
    private void collect(
            long now, List<LeasedGrant> lost, Map<LeasedGrant, String> ended, Map<Long, List<LeasedGrant>> toRenew) {
        long until = now;
        List<LeasedGrant> due = new ArrayList<>();
        for (LeasedGrant live : byTime) {
            if (live.lookAt - until > 0) {
                break;
            }
            boolean renewable = live.renewed() && !live.renewing && !ending;
            if (renewable || live.deadline() - now <= 0) {
                due.add(live);
            }
            if (renewable && live.lookAt - now <= 0) {
                until = Math.max(until, RenewalSchedule.together(now, live.leaseNanos()));
            }
        }
        for (LeasedGrant live : due) {
            byTime.remove(live);
            String why = reasonToEnd(live, now);
            if (live.deadline() - now <= 0) {
                byOwner.remove(live.grant().owner());
                live.kept = false;
                lost.add(live);
            } else if (why != null) {
                ended.put(live, why);
            } else {
                live.renewing = true;
                live.lookAt = live.deadline();
                byTime.add(live);
                toRenew.computeIfAbsent(live.leaseNanos(), lease -> new ArrayList<>())
                        .add(live);
            }
        }
        postponeEndless(now);
    }

    /** Why a grant is to be given back instead of renewed; null if it is not. */
    private @Nullable String reasonToEnd(LeasedGrant live, long now) {
        if (live.isAbandoned()) {
            return "the thread that locked it has ended without unlocking it";
        }
        return now - live.since() >= maxHold.nanos() ? maxHold.exceeded() : null;
    }

    /** Grants that are not renewed are looked at when their lease ends. */
    @GuardedBy("lock")
    private void postponeEndless(long now) {
        while (!byTime.isEmpty() && byTime.first().lookAt - now <= 0) {
            LeasedGrant live = byTime.pollFirst();
            if (live == null) {
                return;
            }
            live.lookAt = live.deadline();
            byTime.add(live);
        }
    }

    private void renew(List<LeasedGrant> batch, long leaseNanos) {
        long sent = time.nanoTime();
        List<Renewal> answers;
        try {
            List<Grant> grants = batch.stream().map(LeasedGrant::grant).toList();
            answers = store.renew(grants, Duration.ofNanos(leaseNanos));
            if (answers.size() != batch.size()) {
                throw new IllegalStateException(answers.size() + " answers to " + batch.size() + " renewals");
            }
        } catch (Throwable e) { // whatever it is, renewal has to go on
            if (e instanceof LockBackendException known && known.retryable()) {
                breaker.failed(time.nanoTime(), known);
            }
            renewalFailed(batch, leaseNanos, e);
            return;
        }
        breaker.answered();
        for (int i = 0; i < batch.size(); i++) {
            LeasedGrant live = batch.get(i);
            if (answers.get(i) == Renewal.LOST) {
                lose(live, "the store no longer has it");
            } else {
                renewed(live, sent, leaseNanos);
            }
        }
    }

    private void renewed(LeasedGrant live, long sent, long leaseNanos) {
        boolean wanted;
        lock.lock();
        try {
            live.renewing = false;
            wanted = live.kept && !live.hasEnded();
            if (wanted) {
                byTime.remove(live);
                live.prolongedTo(sent + leaseNanos);
                live.lookAt = RenewalSchedule.next(sent, leaseNanos);
                byTime.add(live);
                plan();
            }
        } finally {
            lock.unlock();
        }
        if (!wanted) {
            undo(live);
        }
    }

    /** Renewals whose answers were lost, or that arrive late, may have the store keep what nobody here has any more. */
    private void takeBack(LeasedGrant live) {
        if (live.renewed()) {
            reclaim.withdrawAlsoLate(live.grant().claim(), time.nanoTime());
        }
    }

    /**
     * The renewal may have been done after the release or the loss: the store is not to keep the lock for one lease
     * more.
     */
    private void undo(LeasedGrant live) {
        long keep = live.keepNanos(time.nanoTime());
        if (keep == 0) {
            reclaim.withdraw(live.grant().claim());
            return;
        }
        reclaim.soon(
                live.grant().key(),
                time.nanoTime() + live.leaseNanos(),
                () -> store.renew(
                        List.of(live.grant()), Duration.ofNanos(Math.max(1, live.keepNanos(time.nanoTime())))));
    }

    private void renewalFailed(List<LeasedGrant> batch, long leaseNanos, Throwable failure) {
        long now = time.nanoTime();
        long retry = RenewalSchedule.retry(now, leaseNanos);
        List<LeasedGrant> unwanted = new ArrayList<>();
        lock.lock();
        try {
            for (LeasedGrant live : batch) {
                live.renewing = false;
                if (live.kept) {
                    byTime.remove(live);
                    live.lookAt = live.deadline() - retry < 0 ? live.deadline() : retry;
                    byTime.add(live);
                } else {
                    unwanted.add(live);
                }
            }
            plan();
        } finally {
            lock.unlock();
        }
        unwanted.forEach(this::undo);
        failures.tell(batch, now, failure);
    }

    /** Loses a grant that may be in use here. */
    void lose(LeasedGrant live, String why) {
        forget(live);
        live.lose(why);
    }

    /** From now on leases end by themselves. */
    void stopRenewing() {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        renewers.stop(Threads.stopDeadline());
    }
}
