package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.testservers.contest.ContestingFleet;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A control of the long runs: the server forgets its locks without a word, so that others enter beside a holder. A run
 * that did not see this would say nothing by its silence.
 */
@Timeout(120)
class RedisForgetfulNemesisIT {

    @Test
    void aRunSeesThatAServerForgotItsLocks() throws Exception {
        try (RedisServer server = RedisServer.launch();
                ContestingFleet fleet = new ContestingFleet(Backends.recipes(server.uri()), new Random(1))) {
            fleet.endure(Duration.ofSeconds(4), () -> server.run("FLUSHALL"));

            assertThatThrownBy(() -> fleet.check("RedisForgetfulNemesisIT"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("contradictions in ");
        }
    }
}
