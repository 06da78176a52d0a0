package io.lockweave.schedules;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;

/** Runs programs of several threads under many schedules. */
public final class Explorer {

    private final ClassLoader code;
    private final boolean timed;
    private final boolean onlyWaits;

    private Explorer(List<String> packages, boolean timed, boolean onlyWaits, Map<String, byte[]> replaced) {
        this.code = new EngineCode(packages, onlyWaits, replaced);
        this.timed = timed;
        this.onlyWaits = onlyWaits;
    }

    /** Of the engine as it is. */
    public static Explorer ofEngine() {
        return new Explorer(List.of(EngineCode.ENGINE), false, false, Map.of());
    }

    /** Of the engine with a bug in it. */
    public static Explorer of(Mutant mutant) {
        return new Explorer(List.of(EngineCode.ENGINE), false, false, mutant.compile());
    }

    /** Of the engine, in simulated time. */
    public static Explorer ofEngineInTime() {
        return new Explorer(List.of(EngineCode.ENGINE), true, false, Map.of());
    }

    /** As {@link #ofEngineInTime}, with a bug. */
    public static Explorer ofEngineInTime(Mutant mutant) {
        return new Explorer(List.of(EngineCode.ENGINE), true, false, mutant.compile());
    }

    /**
     * Of engines and a backend in simulated time: threads change where they wait, and it takes no time to compute.
     *
     * @param backend the package of the backend, with a dot at its end
     */
    public static Explorer inTime(String backend) {
        return new Explorer(List.of(EngineCode.ENGINE, backend), true, true, Map.of());
    }

    /** As {@link #inTime(String)}, with a bug. */
    public static Explorer inTime(String backend, Mutant mutant) {
        return new Explorer(List.of(EngineCode.ENGINE, backend), true, true, mutant.compile());
    }

    /**
     * Runs a program, which has a constructor with a seed.
     *
     * @throws AssertionError if it fails, with the seed of the schedule and its steps
     */
    public void explore(Class<? extends Program> type, long seed, int schedules) {
        for (int schedule = 0; schedule < schedules; schedule++) {
            try {
                Schedule.run(() -> make(type, seed), schedule, timed, onlyWaits);
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
