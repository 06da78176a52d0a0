package io.lockweave.spring.reactor.nonblocking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand waits for one lock on an event loop of two threads, in a JVM in which BlockHound watches them. */
class NonBlockingTest {

    private static final List<String> BLOCKHOUND =
            List.of("-XX:+AllowRedefinitionToAddDeleteMethods", "-XX:+EnableDynamicAgentLoading");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_thread_of_the_loop_is_ever_blocked(boolean inDatabase) throws Exception {
        String output = run("-Dpoints.in-database=" + inDatabase);

        assertThat(output).contains("served=1000").contains("blocked=0\n").contains("noticed=true");
    }

    private static String run(String property) throws Exception {
        List<String> command = Stream.of(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx256m"),
                        BLOCKHOUND,
                        List.of(property),
                        List.of("-cp", System.getProperty("java.class.path"), LoopApplication.class.getName()))
                .flatMap(List::stream)
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
