package io.lockweave.redis.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.redis.AllScripts;
import io.lockweave.redis.RedisScript;
import io.lockweave.schedules.Explorer;
import io.lockweave.schedules.Mutant;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
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
    void fleetsWhoseWaitersAllAskSeldomKeepThemToo() {
        String many = ") * 50,";
        assertThat(AllScripts.sources().get("acquire").split(Pattern.quote(many)))
                .as("the scripts that know how many wait")
                .hasSize(3);
        String made = "return new RedisScript(source.toString());";
        String changed = made.replace("toString()", "toString().replace(\"" + many + "\", \") * 5000,\")");
        Explorer explorer = Explorer.inTime(
                "io.lockweave.redis.", new Mutant("each is one of many", RedisScript.class, made, changed));
        for (int seed = 0; seed < FLEETS; seed++) {
            explorer.explore(FleetProgram.class, seed, 1);
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
