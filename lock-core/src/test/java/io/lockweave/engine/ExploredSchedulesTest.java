package io.lockweave.engine;

import io.lockweave.schedules.Explorer;
import io.lockweave.schedules.Program;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The engine under explored schedules: random small programs, each under many orders of its steps. What fails names the
 * seeds of both. {@code -Pschedules} explores a hundred times as much.
 */
class ExploredSchedulesTest {

    /** How much more is explored than in the ordinary build. */
    static final int TIMES = Integer.getInteger("schedules.times", 1);

    private static final int SCHEDULES = 20;

    private static final Logger LOG = Logger.getLogger("io.lockweave");

    @BeforeAll
    static void sayNothingOfLossesByTheThousand() {
        LOG.setLevel(Level.SEVERE);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    record Exploration(Class<? extends Program> program, int programs, boolean inTime) {

        Exploration(Class<? extends Program> program, int programs) {
            this(program, programs, false);
        }

        @Override
        public String toString() {
            return program.getSimpleName();
        }
    }

    static Stream<Exploration> explorations() {
        return Stream.of(
                new Exploration(GateProgram.class, 200),
                new Exploration(DeadlockProgram.class, 20),
                new Exploration(HoldProgram.class, 30),
                new Exploration(EngineProgram.class, 30),
                new Exploration(StoreProgram.class, 30),
                new Exploration(SentReleaseProgram.class, 20),
                new Exploration(KeeperProgram.class, 15, true),
                new Exploration(SubmissionProgram.class, 20),
                new Exploration(TogetherProgram.class, 20),
                new Exploration(AsyncProgram.class, 20),
                new Exploration(JoinProgram.class, 10));
    }

    @ParameterizedTest
    @MethodSource("explorations")
    void everyScheduleOfEveryProgramKeepsTheRules(Exploration of) {
        Explorer explorer = of.inTime ? Explorer.ofEngineInTime() : Explorer.ofEngine();
        for (int seed = 0; seed < of.programs * TIMES; seed++) {
            explorer.explore(of.program, seed, SCHEDULES);
        }
    }
}
