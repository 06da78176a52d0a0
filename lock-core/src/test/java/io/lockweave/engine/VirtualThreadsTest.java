package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VirtualThreadsTest {

    @Test
    void rule14_tenThousandVirtualThreadsAreServedWithoutPinningOne() throws Exception {
        Optional<Path> java = NewerJdk.java(21);
        assumeTrue(java.isPresent(), "needs a JDK of 21 or later beside this one");

        Process program = new ProcessBuilder(
                        java.orElseThrow().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        VirtualThreadsProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();

        String[] numbers = output.substring(output.lastIndexOf('\n') + 1).split(" ");
        assertThat(numbers).as(output).hasSize(3);
        assertThat(numbers[0]).as("served").isEqualTo("10000");
        assertThat(numbers[1]).as("pinned").isEqualTo("0");
        assertThat(Integer.parseInt(numbers[2]))
                .as("platform threads at the peak")
                .isLessThan(64);
    }
}
