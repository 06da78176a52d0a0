package io.lockweave.schedules;

import java.lang.reflect.Constructor;
import java.util.Map;

/** Runs programs of several threads under many schedules. */
public final class Explorer {

    private final ClassLoader code;

    private Explorer(Map<String, byte[]> replaced) {
        this.code = new EngineCode(replaced);
    }

    /** Of the engine as it is. */
    public static Explorer ofEngine() {
        return new Explorer(Map.of());
    }

    /** Of the engine with a bug in it. */
    public static Explorer of(Mutant mutant) {
        return new Explorer(mutant.compile());
    }

    /**
     * Runs a program, which has a constructor with a seed.
     *
     * @throws AssertionError if it fails, with the seed of the schedule and its steps
     */
    public void explore(Class<? extends Program> type, long seed, int schedules) {
        for (int schedule = 0; schedule < schedules; schedule++) {
            try {
                Schedule.run(() -> make(type, seed), schedule);
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
