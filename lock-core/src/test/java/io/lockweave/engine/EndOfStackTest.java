package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link EndOfStackProgram} in a JVM of its own, interpreted and compiled, since frames differ in size. */
@Timeout(180)
class EndOfStackTest {

    private static final List<String> USES = List.of(
            "local",
            "local-again",
            "local-lease",
            "local-async",
            "local-busy",
            "store",
            "store-again",
            "store-lease",
            "store-async",
            "store-busy");

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+TieredCompilation"})
    void rule20_whoeverRunsOutOfStackLeavesNoLockBehind(String mode) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                mode,
                "-cp",
                System.getProperty("java.class.path"),
                EndOfStackProgram.class.getName()));
        command.addAll(USES);
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output.lines())
                .as(output)
                .containsAll(USES.stream().map(use -> use + ": all free, tried").toList());
    }
}
