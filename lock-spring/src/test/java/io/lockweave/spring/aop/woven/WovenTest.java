package io.lockweave.spring.aop.woven;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aspectj.weaver.loadtime.Agent;
import org.junit.jupiter.api.Test;

/** An application whose classes are woven when they are loaded, in a JVM of its own. */
class WovenTest {

    @Test
    void woven_methods_use_the_applications_locks_and_beans_also_private_and_self_invoked_ones() throws Exception {
        Path weaver = Path.of(
                Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String output = run("-javaagent:" + weaver);

        assertThat(output).contains("class=Points").contains("locked=true");
    }

    @Test
    void without_the_weaver_the_application_does_not_start() throws Exception {
        String output = run("-Dno=weaver");

        assertThat(output)
                .contains("LockUsageException")
                .contains("WovenApplication$Points.hidden(String)")
                .doesNotContain("locked=");
    }

    private static String run(String option) throws Exception {
        List<String> command = Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        option,
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WovenApplication.class.getName())
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
