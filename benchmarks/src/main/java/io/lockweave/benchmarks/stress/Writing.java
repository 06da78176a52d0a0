package io.lockweave.benchmarks.stress;

import io.lockweave.HeldLock;
import io.lockweave.LockOptions;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader that shares the lock, and a writer that changes two plain fields. */
@JCStressTest
@Outcome(
        id = {"0, 0", "1, 1"},
        expect = Expect.ACCEPTABLE,
        desc = "The reader saw all of the write, or nothing of it.")
@Outcome(expect = Expect.FORBIDDEN, desc = "A reader saw half of the write.")
@State
public class Writing extends FreshKey {

    private static final LockOptions SHARED = LockOptions.defaults().shared();

    private int one;
    private int other;

    /** The writer. */
    @Actor
    public void writer() {
        try (HeldLock held = LOCKS.acquire(key)) {
            one = 1;
            other = 1;
        }
    }

    /** The reader, which reads in the other order than is written in. */
    @Actor
    public void reader(II_Result result) {
        try (HeldLock held = LOCKS.acquire(key, SHARED)) {
            result.r2 = other;
            result.r1 = one;
        }
    }
}
