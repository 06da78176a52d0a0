package io.lockweave.redis.fleet;

import io.lockweave.schedules.Explorer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Fleets in simulated time keep the rules, whatever goes wrong. What fails names its seed. {@code -Pschedules} runs
 * 100,000 of them.
 */
class SimulatedFleetTest {

    private static final int FLEETS = Integer.getInteger("fleets", 300);

    private static final Logger LOG = Logger.getLogger("io.lockweave");

    @BeforeAll
    static void sayNothingOfFaultsByTheThousand() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Test
    void whoListensIsServedBeforeWhoDoesNot() {
        Explorer explorer = Explorer.inTime("io.lockweave.redis.");
        for (int seed = 0; seed < 20; seed++) {
            explorer.explore(DeafWaiterProgram.class, seed, 1);
        }
    }

    @Test
    void everyFleetKeepsTheRules() {
        Explorer explorer = Explorer.inTime("io.lockweave.redis.");
        for (int seed = 0; seed < FLEETS; seed++) {
            explorer.explore(FleetProgram.class, seed, 1);
        }
    }
}
