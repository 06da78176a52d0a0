package io.lockweave.engine;

import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A store that answers claims as a test has written it down, and records what it is asked. */
final class ScriptedStore extends MapStore {

    static final LockHolder HOLDER = new LockHolder(
            "somebody", new LockPlace("elsewhere", 1, "main"), LockMode.EXCLUSIVE, 1, Duration.ZERO, null);

    /** A try, and for how long its caller was ready to wait. */
    record Asked(Claim claim, Duration left) {}

    /** A request to renew, and when it came. */
    record Renewed(List<Grant> grants, Duration lease, long at) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    final List<Renewed> renewed = new CopyOnWriteArrayList<>();
    final List<Claim> withdrawn = new CopyOnWriteArrayList<>();
    final List<Claim> watched = new CopyOnWriteArrayList<>();
    final List<Claim> unwatched = new CopyOnWriteArrayList<>();
    volatile Function<List<Grant>, List<Renewal>> renews = ScriptedStore::allHeld;
    volatile Runnable onWatch = () -> {};
    volatile boolean missesNothing;
    volatile boolean pushes;
    volatile Duration settling = Duration.ZERO;
    private final Queue<Function<Claim, Attempt>> answers = new ArrayDeque<>();
    private final HandClock clock;

    ScriptedStore(HandClock clock) {
        this.clock = clock;
    }

    static List<Renewal> allHeld(List<Grant> grants) {
        return Collections.nCopies(grants.size(), Renewal.HELD);
    }

    static Function<Claim, Attempt> granted() {
        return claim -> new Attempt.Granted(new Grant(claim, 7, 1));
    }

    static Function<Claim, Attempt> busy() {
        return busyFor(null);
    }

    static Function<Claim, Attempt> busyFor(@Nullable Duration leaseEnd) {
        return claim -> new Attempt.Busy(leaseEnd, HOLDER);
    }

    static Function<Claim, Attempt> fails(LockException failure) {
        return claim -> {
            throw failure;
        };
    }

    /** The same answer, which takes so long. */
    UnaryOperator<Function<Claim, Attempt>> after(Duration time) {
        return answer -> claim -> {
            clock.pass(time);
            return answer.apply(claim);
        };
    }

    /** What it answers to the next claims. */
    @SafeVarargs
    final void answers(Function<Claim, Attempt>... next) {
        for (Function<Claim, Attempt> one : next) {
            answers.add(one);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.copyOf(super.capabilities());
        if (pushes) {
            all.add(Capability.PUSH);
        }
        return all;
    }

    @Override
    public Attempt tryAcquire(Claim claim, Duration left) {
        asked.add(new Asked(claim, left));
        Function<Claim, Attempt> answer = answers.poll();
        if (answer == null) {
            throw new AssertionError("asked more often than expected: " + asked);
        }
        return answer.apply(claim);
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        renewed.add(new Renewed(grants, lease, clock.nanoTime()));
        return renews.apply(grants);
    }

    @Override
    public void withdraw(Claim claim) {
        withdrawn.add(claim);
    }

    @Override
    public Duration settlingTime() {
        return settling;
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        onWatch.run();
        watched.add(claim);
        boolean missed = !missesNothing;
        return new Watch() {
            @Override
            public boolean missedNothing() {
                return !missed;
            }

            @Override
            public void close() {
                unwatched.add(claim);
            }
        };
    }
}
