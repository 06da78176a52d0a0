package io.lockweave.benchmarks.stress;

import io.lockweave.HeldLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Who enters later has the larger fencing token. */
@JCStressTest
@Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "The tokens are in the order of entry.")
@Outcome(id = "false", expect = Expect.FORBIDDEN, desc = "A later holder has the smaller token.")
@State
public class Fencing extends FreshKey {

    private long last;
    private boolean grew = true;

    /** One of the threads. */
    @Actor
    public void first() {
        enter();
    }

    /** One of the threads. */
    @Actor
    public void second() {
        enter();
    }

    private void enter() {
        try (HeldLock held = LOCKS.acquire(key)) {
            grew &= held.fence() > last;
            last = held.fence();
        }
    }

    /** What both saw. */
    @Arbiter
    public void result(Z_Result result) {
        result.r1 = grew;
    }
}
