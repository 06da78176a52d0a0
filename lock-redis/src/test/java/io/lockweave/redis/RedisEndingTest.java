package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.testservers.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private BufferedReader run(String ending, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-Dlockweave.backend=redis",
                "-Dlockweave.redis.client=jedis",
                "-Dlockweave.redis.uri=" + server.uri()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EndingProgram.class.getName(), ending));
        program = new ProcessBuilder(command)
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
    void aProgramThatExitsUnderTheLockLeavesItToItsLease() throws Exception {
        BufferedReader output = run("exit", "-Dlockweave.shutdown.hold-time=100ms");
        assertThat(output.readLine()).isEqualTo("held");

        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isEqualTo(3);
        assertThat(isHeld(EndingProgram.KEY)).isTrue();
    }

    @Test
    void aProgramThatIsTerminatedLeavesItsLocksToTheirLeasesAndItsWaitersHearOfIt() throws Exception {
        BufferedReader output =
                run("terminated", "-Dlockweave.shutdown.accept-time=0", "-Dlockweave.shutdown.hold-time=2s");
        assertThat(output.readLine()).startsWith("held ");

        program.toHandle().destroy(); // Process.destroy would close its output as well

        assertThat(output.readLine()).isEqualTo("waiter LockUnavailableException");
        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(isHeld(EndingProgram.KEY)).isTrue();
    }

    @Test
    void workThatEndsWhileTheProgramIsTerminatedKeepsItsLockUntilThenAndNoLonger() throws Exception {
        BufferedReader output = run("finishes", "-Dlockweave.lease-time=1s");
        assertThat(output.readLine()).isEqualTo("held");
        program.toHandle().destroy();

        assertThat(program.waitFor(2_500, TimeUnit.MILLISECONDS)).isFalse(); // two leases and more
        assertThat(isHeld(EndingProgram.KEY)).isTrue();
        next();
        assertThat(output.readLine()).isEqualTo("done");
        assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(isHeld(EndingProgram.KEY)).isFalse();
    }

    @Test
    void aProgramThatDrainsInItsOwnHookDoesSoUnderItsLocks() throws Exception {
        BufferedReader output = run("drain", "-Dlockweave.lease-time=1s");
        assertThat(output.readLine()).isEqualTo("held");
        program.toHandle().destroy();

        for (int i = 0; i < 3; i++) {
            assertThat(output.readLine()).isEqualTo("working");
            assertThat(program.waitFor(1_200, TimeUnit.MILLISECONDS)).isFalse(); // a lease and more
            assertThat(isHeld(EndingProgram.OTHER)).isTrue();
            assertThat(isHeld(EndingProgram.KEY)).isTrue();
            next();
        }
        assertThat(output.readLine()).isEqualTo("drained");
        assertThat(isHeld(EndingProgram.OTHER)).isFalse();
    }

    @Test
    void aFirstLockedCallWhileTheJvmEndsIsRefusedInOurWords() throws Exception {
        assertThat(run("late").readLine())
                .startsWith("LockUsageException: The JVM is shutting down; no locks of backend \"redis\" can be had");
    }

    /** Lets the program's work go on. */
    private void next() throws IOException {
        program.getOutputStream().write('\n');
        program.getOutputStream().flush();
    }
}
