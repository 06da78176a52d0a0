package io.lockweave.benchmarks.stress;

import io.lockweave.HeldLock;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads that count in a plain field, each under the lock. */
@JCStressTest
@Outcome(id = "2", expect = Expect.ACCEPTABLE, desc = "Each saw what the one before had written.")
@Outcome(expect = Expect.FORBIDDEN, desc = "An update was lost.")
@State
public class Counting extends FreshKey {

    private static final int WORK = 20;

    private int count;

    /** One of the threads. */
    @Actor
    public void first() {
        count();
    }

    /** One of the threads. */
    @Actor
    public void second() {
        count();
    }

    private void count() {
        try (HeldLock held = LOCKS.acquire(key)) {
            int before = count;
            for (int i = 0; i < WORK; i++) {
                Thread.onSpinWait(); // so that two who are inside at once meet
            }
            count = before + 1;
        }
    }

    /** What is there in the end. */
    @Arbiter
    public void result(I_Result result) {
        result.r1 = count;
    }
}
