package io.lockweave.benchmarks.stress;

import io.lockweave.HeldLock;
import io.lockweave.LockOptions;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads that try without waiting; who gets in counts itself in a plain field, and out again. */
@JCStressTest
@Outcome(
        id = {"1, 0", "0, 1", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "One got in, or both one after the other.")
@Outcome(id = "0, 0", expect = Expect.FORBIDDEN, desc = "The lock was free, and nobody got it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Both were inside at once.")
@State
public class Trying extends FreshKey {

    private static final LockOptions AT_ONCE = LockOptions.defaults().waitTime(Duration.ZERO);

    private int inside;

    /** One of the threads. */
    @Actor
    public void first(II_Result result) {
        result.r1 = attempt();
    }

    /** One of the threads. */
    @Actor
    public void second(II_Result result) {
        result.r2 = attempt();
    }

    /** How many were inside, as who got in sees it; 0 if it did not. */
    private int attempt() {
        Optional<HeldLock> held = LOCKS.tryAcquire(key, AT_ONCE);
        if (held.isEmpty()) {
            return 0;
        }
        inside++;
        int seen = inside;
        inside--;
        held.get().close();
        return seen;
    }
}
