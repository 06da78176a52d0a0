package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.testservers.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs whose work under a lock ends badly, seen from the server. */
@Timeout(60)
class RedisEndingTest {

    private static RedisServer server;

    private Process program;

    @BeforeAll
    static void start() {
        server = RedisServer.launch();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void kill() throws Exception {
        program.destroyForcibly().waitFor();
        server.run("FLUSHALL");
    }

    private BufferedReader run(String ending) throws IOException {
        program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-Dlockweave.backend=redis",
                        "-Dlockweave.redis.client=jedis",
                        "-Dlockweave.redis.uri=" + server.uri(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndingProgram.class.getName(),
                        ending)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return program.inputReader(StandardCharsets.UTF_8);
    }

    private static boolean isHeld(LockKey key) {
        return server.run("EXISTS", RedisKeys.of(key.in("lockweave")).lock()).equals("1");
    }

    @ParameterizedTest
    @CsvSource({"overflow, StackOverflowError", "memory, OutOfMemoryError", "death, ThreadDeath"})
    void anErrorInTheMethodFreesItsLockAtOnceAndTheOthersAreStillRenewed(String ending, String error)
            throws IOException {
        BufferedReader output = run(ending);

        assertThat(output.readLine()).isEqualTo("ended by " + error);
        assertThat(isHeld(EndingProgram.KEY)).isFalse();
        assertThat(output.readLine()).isEqualTo("other true");
        assertThat(isHeld(EndingProgram.OTHER)).isTrue();
    }

    @Test
    void aProgramThatExitsUnderTheLockFreesItBeforeItIsGone() throws Exception {
        BufferedReader output = run("exit");
        assertThat(output.readLine()).isEqualTo("held");

        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(3);
        assertThat(isHeld(EndingProgram.KEY)).isFalse();
    }

    @Test
    void aProgramThatIsTerminatedFreesItsLocksAndItsWaitersHearOfIt() throws Exception {
        BufferedReader output = run("terminated");
        assertThat(output.readLine()).startsWith("held ");

        program.toHandle().destroy(); // Process.destroy would close its output as well

        assertThat(output.readLine()).isEqualTo("waiter LockUnavailableException");
        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(isHeld(EndingProgram.KEY)).isFalse();
    }
}
