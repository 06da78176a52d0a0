package io.lockweave.redis.fleet;

import java.util.Random;

/**
 * What goes wrong, drawn from a seed. Most runs have some of these, a quarter has none.
 *
 * @param slow whether some messages take up to a second and more
 * @param lost whether requests, answers and messages get lost
 * @param repeated whether clients send requests once more, because the answer to the first was lost
 * @param paused whether programs stand still for a while
 * @param failsOver whether another server takes over that lacks the last writes
 * @param clockSetBack whether the server's clock is set back
 */
record Faults(boolean slow, boolean lost, boolean repeated, boolean paused, boolean failsOver, boolean clockSetBack) {

    static Faults of(long seed) {
        if (seed % 4 == 0) {
            return new Faults(false, false, false, false, false, false);
        }
        Random random = new Random(seed);
        boolean failsOver = random.nextInt(4) == 0;
        return new Faults(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                failsOver,
                !failsOver && random.nextInt(4) == 0);
    }

    boolean none() {
        return !(slow || lost || repeated || paused || failsOver || clockSetBack);
    }
}
