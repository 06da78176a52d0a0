package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * As {@link NoThreadsTest}, with the system's own refusal. A limit of the number of threads does not bind an
 * administrator, as whom builds in containers run; one of the address space, which holds the stacks of threads, binds
 * everybody.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class NoNativeThreadsTest {

    @Test
    void rule20_aProcessThatGetsNoThreadsForAWhileWorksAfterwards() throws Exception {
        Process program = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -v 4000000 && exec \"$0\" \"$@\"",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-Xss4m",
                        "-XX:+UseSerialGC",
                        "-XX:ReservedCodeCacheSize=48m",
                        "-XX:CompressedClassSpaceSize=48m",
                        "-XX:-UseDynamicNumberOfCompilerThreads",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NoNativeThreadsProgram.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(output.lines())
                .as(output)
                .contains("refused true", "renewals without a thread 0", "held true, short lease lost true", "over");
    }
}
