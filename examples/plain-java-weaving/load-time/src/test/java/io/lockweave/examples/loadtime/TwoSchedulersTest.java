package io.lockweave.examples.loadtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoSchedulersTest {

    @Test
    void theJobIsDoneOnce() throws Exception {
        Class<?> agent = Class.forName(
                "org.aspectj.weaver.loadtime.Agent", false, getClass().getClassLoader());
        Path weaver = Path.of(
                agent.getProtectionDomain().getCodeSource().getLocation().toURI());

        assertThat(run("-javaagent:" + weaver)).contains("first: report of 2026-01-31", "second: skipped", "exit 0");
    }

    @Test
    void withoutTheAgentTheProgramDoesNotStart() throws Exception {
        assertThat(run())
                .contains("NightlyReport.write(LocalDate)")
                .contains("not woven")
                .contains("-javaagent:aspectjweaver.jar")
                .contains("exit 1");
    }

    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TwoSchedulers.class.getName()));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(program.getInputStream().readAllBytes());
        return output + "exit " + program.waitFor();
    }
}
