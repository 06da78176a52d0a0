package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.schedules.Schedule;
import io.lockweave.schedules.Steps;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A map with leases that end by themselves in simulated time. Requests and answers take their time. */
final class LeasedStore extends MapStore {

    private final Map<LockKey, Long> ends = new HashMap<>();
    private final Random random;
    private final long slowest;
    private final boolean fails;
    private final boolean losesAnswers;
    private final List<LossListener> listeners = new ArrayList<>();
    private boolean failedLast;

    /**
     * @param slowest how long a request or its answer takes at most, in nanoseconds
     * @param fails whether renewals fail now and then, not twice in a row
     * @param losesAnswers whether renewals are done, and their answers lost
     */
    LeasedStore(Random random, long slowest, boolean fails, boolean losesAnswers) {
        this.random = random;
        this.slowest = slowest;
        this.fails = fails;
        this.losesAnswers = losesAnswers;
    }

    static long now() {
        return Steps.nanoTime("store");
    }

    /** When the lease of a key ends that this grant holds; now if it does not. */
    long end(Grant grant) {
        dropEnded();
        Grant holder = held.get(grant.key());
        return holder == null || !holder.owner().equals(grant.owner()) ? now() : ends.getOrDefault(grant.key(), now());
    }

    /** When the lease of whoever holds a key ends; now if nobody does. */
    long end(LockKey key) {
        dropEnded();
        return held.containsKey(key) ? ends.getOrDefault(key, now()) : now();
    }

    /** Forgets who holds a key, and says so to all engines before anybody else can have it. */
    void lose(LockKey key) {
        Grant grant = held.get(key);
        if (grant != null) {
            listeners.forEach(listener -> listener.lost(grant.owner(), "as the program wants it"));
            held.remove(key, grant);
        }
    }

    @Override
    public void onLost(LossListener listener) {
        listeners.add(listener);
    }

    private void dropEnded() {
        held.keySet().removeIf(key -> ends.getOrDefault(key, 0L) <= now());
    }

    private void travel() {
        if (slowest > 0) {
            Schedule.until(() -> false, random.nextLong(slowest));
        }
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        travel();
        dropEnded();
        Attempt answer = super.tryAcquire(claim);
        if (answer instanceof Attempt.Granted) {
            ends.put(claim.key(), now() + claim.lease().toNanos());
        }
        travel();
        return answer;
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        travel();
        failedLast = fails && !failedLast && random.nextBoolean();
        if (failedLast) {
            throw LockBackendException.passing("as the program wants it", null);
        }
        dropEnded();
        List<Renewal> answer = super.renew(grants, lease);
        for (int i = 0; i < grants.size(); i++) {
            if (answer.get(i) == Renewal.HELD) {
                ends.put(grants.get(i).key(), now() + lease.toNanos());
            }
        }
        travel();
        if (losesAnswers) {
            throw LockBackendException.passing("the answer is lost", null);
        }
        return answer;
    }

    @Override
    public boolean release(Grant grant) {
        travel();
        dropEnded();
        boolean held = super.release(grant);
        travel();
        return held;
    }

    @Override
    public void withdraw(Claim claim) {
        travel();
        super.withdraw(claim);
        travel();
    }
}
