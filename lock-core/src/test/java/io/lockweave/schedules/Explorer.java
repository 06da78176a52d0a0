package io.lockweave.schedules;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;

/** Runs programs of several threads under many schedules. */
public final class Explorer {

    private final ClassLoader code;
    private final boolean timed;

    private Explorer(List<String> packages, boolean timed, Map<String, byte[]> replaced) {
        this.code = new EngineCode(packages, timed, replaced);
        this.timed = timed;
    }

    /** Of the engine as it is. */
    public static Explorer ofEngine() {
        return new Explorer(List.of(EngineCode.ENGINE), false, Map.of());
    }

    /** Of the engine with a bug in it. */
    public static Explorer of(Mutant mutant) {
        return new Explorer(List.of(EngineCode.ENGINE), false, mutant.compile());
    }

    /**
     * Of engines and a backend in simulated time: threads change where they wait, and it takes no time to compute.
     *
     * @param backend the package of the backend, with a dot at its end
     */
    public static Explorer inTime(String backend) {
        return new Explorer(List.of(EngineCode.ENGINE, backend), true, Map.of());
    }

    /** As {@link #inTime(String)}, with a bug. */
    public static Explorer inTime(String backend, Mutant mutant) {
        return new Explorer(List.of(EngineCode.ENGINE, backend), true, mutant.compile());
    }

    /**
     * Runs a program, which has a constructor with a seed.
     *
     * @throws AssertionError if it fails, with the seed of the schedule and its steps
     */
    public void explore(Class<? extends Program> type, long seed, int schedules) {
        for (int schedule = 0; schedule < schedules; schedule++) {
            try {
                Schedule.run(() -> make(type, seed), schedule, timed);
            } catch (AssertionError e) {
                throw new AssertionError(
                        type.getSimpleName() + " with seed " + seed + ", schedule " + schedule + ": " + e.getMessage(),
                        e);
            }
        }
    }

    private Program make(Class<? extends Program> type, long seed) {
        try {
            Constructor<?> maker = code.loadClass(type.getName()).getConstructor(long.class);
            return (Program) maker.newInstance(seed);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
