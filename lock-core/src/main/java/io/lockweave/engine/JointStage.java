package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short way of several exclusive claims that all may be free: it enters their gates without waiting and asks the
 * store once for all of them. Whatever stands in the way, nothing is kept, and the caller goes on with one key after
 * the other.
 */
final class JointStage {

    private final EngineParts engine;
    private final StoreParts store;
    private final ResolvedOptions options;
    private final Owner owner;
    private final long start;
    private final long deadline;
    private final List<Part> parts = new ArrayList<>();

    /** One of the keys, with its gate entered. */
    private static final class Part {

        final Gate gate;
        final Claim claim;

        @Nullable
        LeasedGrant live;

        @Nullable
        Hold hold;

        Part(Gate gate, Claim claim) {
            this.gate = gate;
            this.claim = claim;
        }

        void abandon(StoreParts store) {
            Hold mine = hold;
            Hold begun = mine != null && mine.stage >= Hold.BEGUN ? mine : null;
            LeasedGrant granted = live;
            try {
                if (begun != null) {
                    begun.close();
                } else if (granted != null) {
                    if (mine != null) {
                        mine.takeBack();
                        granted.part(mine, 0);
                    }
                    store.unused().giveBack(granted);
                }
            } catch (LockException e) {
                // told by the events: what led here counts
            } finally {
                if (begun == null) {
                    gate.leave(Room.ALL);
                    store.unused().giveBackOrphan(gate);
                }
            }
        }
    }

    private JointStage(
            EngineParts engine, StoreParts store, ResolvedOptions options, Owner owner, long start, long deadline) {
        this.engine = engine;
        this.store = store;
        this.options = options;
        this.owner = owner;
        this.start = start;
        this.deadline = deadline;
    }

    /** Enters the gates of the keys, which are sorted; null if that would mean to wait, or the store cannot do it. */
    static @Nullable JointStage enter(
            EngineParts engine, List<LockKey> keys, ResolvedOptions options, Owner owner, long start, long deadline) {
        StoreParts store = engine.storeParts();
        if (store == null
                || keys.size() < 2
                || options.mode() != LockMode.EXCLUSIVE
                || engine.state().refuses(owner)
                || engine.breaker().refuses(engine.now())
                || !store.store().capabilities().contains(Capability.TOGETHER)) {
            return null;
        }
        JointStage entry = new JointStage(engine, store, options, owner, start, deadline);
        boolean entered = false;
        try {
            entered = entry.enterGates(keys);
        } finally {
            if (!entered) {
                entry.abandon();
            }
        }
        return entered ? entry : null;
    }

    private boolean enterGates(List<LockKey> keys) {
        Stack.ensureForStore();
        for (LockKey key : keys) {
            Claim claim = ClaimFactory.lastTry(
                    store.claims().of(key, options, owner).inTry(1)); // the store need not queue it
            Gate gate = engine.gates().enterAtOnce(key, options, owner);
            if (gate == null) {
                return false;
            }
            parts.add(new Part(gate, claim));
            StoreSide side = gate.knownStoreSide();
            if (side != null && side.hasParked()) {
                return false; // those who queue here have the lock already
            }
        }
        return true;
    }

    /**
     * Asks the store. Null if the keys have to be asked for one by one; nothing is kept then, nor after a failure.
     *
     * @throws io.lockweave.LockException if there is no time left for that, or it would be of no use
     */
    @Nullable
    HeldLock take() {
        HeldLock all = null;
        try {
            ensureOpen();
            all = askStore();
            return all;
        } finally {
            if (all == null) {
                abandon();
            }
        }
    }

    private @Nullable HeldLock askStore() {
        List<Claim> claims = parts.stream().map(part -> part.claim).toList();
        long sent = engine.now();
        JointAttempt answer;
        try {
            engine.timers().ensureRunning(); // else nobody would renew what is granted
            answer = store.store().tryAcquireAll(claims, Duration.ofNanos(Math.max(0, deadline - sent)));
        } catch (LockBackendException e) {
            claims.forEach(claim -> withdraw(claim, sent));
            if (e.retryable()) {
                engine.breaker().failed(engine.now(), e);
                if (!isTooLate()) {
                    return null;
                }
            }
            engine.events().fireFailed(firstKey(), options.mode(), engine.now() - sent, e);
            throw told(firstKey(), e);
        } catch (RuntimeException | Error e) {
            claims.forEach(claim -> withdraw(claim, sent));
            throw e;
        }
        engine.breaker().answered();
        if (answer instanceof JointAttempt.Granted granted) {
            return begun(granted.grants(), sent);
        }
        if (answer instanceof JointAttempt.Busy busy && isTooLate()) {
            throw busy(engine.namespace().local(busy.key()), busy.answer().holder());
        }
        return null;
    }

    /** Begins a hold with each grant, unless the answer took so long that the leases are all but over. */
    private @Nullable HeldLock begun(List<Grant> grants, long sent) {
        long end = sent + options.leaseNanos();
        for (int i = 0; i < grants.size(); i++) {
            parts.get(i).live =
                    store.keeper().keep(grants.get(i), options, end, RenewalSchedule.next(sent, options.leaseNanos()));
        }
        if (!RenewalSchedule.isEnoughToBegin(end - engine.now(), options.leaseNanos())) {
            return tooLate();
        }
        List<HeldLock> held = new ArrayList<>(parts.size());
        for (Part part : parts) {
            Hold hold = new Hold(engine.home(), part.gate, owner, options, engine.now());
            part.hold = hold;
            LeasedGrant live = part.live;
            if (live == null || !live.join(hold, false)) {
                return tooLate();
            }
            held.add(hold);
        }
        for (HeldLock hold : held) {
            engine.home().acquired((Hold) hold, start);
        }
        ensureOpen(); // closing may have come too early to see these holds
        return new CompositeHold(held);
    }

    private @Nullable HeldLock tooLate() {
        if (isTooLate()) {
            throw busy(firstKey(), null);
        }
        return null;
    }

    private boolean isTooLate() {
        return deadline - engine.now() <= 0;
    }

    private void ensureOpen() {
        if (engine.state().refuses(owner)) {
            throw told(
                    firstKey(),
                    LockUnavailableException.closed(engine.namespace().full(firstKey()), waited()));
        }
    }

    private LockException busy(LockKey key, @Nullable LockHolder holder) {
        if (options.waitNanos() > 0) {
            engine.log().ranOut(key, engine.now(), waited(), "", holder);
        }
        return told(key, LockUnavailableException.busy(engine.namespace().full(key), waited(), holder));
    }

    private LockException told(LockKey key, LockException why) {
        engine.events().fireUnavailable(key, options.mode(), engine.now() - start, why, null);
        return why;
    }

    private LockKey firstKey() {
        return parts.get(0).gate.key;
    }

    private Duration waited() {
        return Duration.ofNanos(engine.now() - start);
    }

    /** Takes back what a request that failed may have taken, now and after it may have come late. */
    private void withdraw(Claim claim, long sent) {
        store.reclaim().withdrawAlsoLate(claim, sent);
    }

    /** Leaves every gate and gives back what was granted. */
    void abandon() {
        if (!parts.isEmpty()) {
            try {
                parts.remove(parts.size() - 1).abandon(store);
            } finally {
                abandon(); // what is left, whatever became of this one
            }
        }
    }
}
