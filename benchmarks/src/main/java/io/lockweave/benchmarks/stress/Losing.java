package io.lockweave.benchmarks.stress;

import io.lockweave.HeldLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** An owner closes its lock while another thread frees it by force: it ends once, and nothing is left of it. */
@JCStressTest
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "The next one gets the lock, and nothing is left.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It ended twice, or not at all.")
@State
public class Losing extends FreshKey {

    private final HeldLock held = LOCKS.acquire(key);

    /** The owner. */
    @Actor
    public void owner() {
        held.close();
    }

    /** The operator. */
    @Actor
    public void operator() {
        LOCKS.forceRelease(key);
    }

    /** The next one. */
    @Arbiter
    public void result(ZZ_Result result) {
        HeldLock next = LOCKS.acquire(key);
        result.r1 = next.isHeld();
        next.close();
        result.r2 = !LOCKS.isLocked(key);
    }
}
