package io.lockweave.spring.aop.woven;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.spring.jpa.WovenClub;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aspectj.weaver.loadtime.Agent;
import org.junit.jupiter.api.Test;

/** An application whose classes are woven when they are loaded, in a JVM of its own. */
class WovenTest {

    @Test
    void woven_methods_use_the_applications_locks_and_beans_also_private_and_self_invoked_ones() throws Exception {
        String output = run(WovenApplication.class, "-javaagent:" + weaver());

        assertThat(output).contains("class=Points").contains("locked=true");
    }

    @Test
    void several_contexts_of_one_jvm_keep_their_own_locks() throws Exception {
        Map<String, String> found = new LinkedHashMap<>();
        run(WovenContexts.class, "-javaagent:" + weaver())
                .lines()
                .filter(line -> line.contains("="))
                .forEach(line -> found.put(line.split("=", 2)[0], line.split("=", 2)[1]));

        assertThat(found)
                .containsEntry("one alone, class", "a")
                .containsEntry("one alone, constructor", "a")
                .containsEntry("first rests, class", "b")
                .containsEntry("first rests, its bean", "a")
                .containsEntry("first rests, other bean", "b")
                .containsEntry("second rests, class", "a")
                .containsEntry("both, first bean", "a")
                .containsEntry("both, second bean", "b")
                .containsEntry("second closed, class", "a")
                .containsEntry("second closed, first bean", "a")
                .containsEntry("child, its bean", "child")
                .containsEntry("child, bean of parent", "a")
                .containsEntry("child closed, bean of parent", "a")
                .containsEntry("child closed, class", "a");
        assertThat(found.get("both, class"))
                .startsWith("LockUsageException Several applications of this JVM are open for")
                .contains("[application context \"a\", application context \"b\"]");
        assertThat(found.get("second closed, its bean"))
                .startsWith("LockUsageException application context \"b\" has closed");
        assertThat(found.get("all closed, class"))
                .startsWith("LockUsageException The application that ")
                .contains("has closed, and no lockweave.backend is configured");
    }

    @Test
    void without_the_weaver_the_application_does_not_start() throws Exception {
        String output = run(WovenApplication.class, "-Dno=weaver");

        assertThat(output)
                .contains("LockUsageException")
                .contains("WovenApplication$Points.hidden(String)")
                .doesNotContain("locked=");
    }

    @Test
    void an_application_whose_monitor_would_be_outside_of_its_lock_does_not_start() throws Exception {
        String output = run(WovenApplication.class, "-javaagent:" + weaver(), "with InMonitor");

        assertThat(output)
                .contains("LockUsageException")
                .contains("inside of the monitor")
                .contains("WovenApplication$InMonitor.locked(String)")
                .doesNotContain("locked=");
    }

    /** As with proxies: read again if JPA manages it, refused if not. */
    @Test
    void entities_that_were_read_before_a_woven_lock_are_not_stale_under_it() throws Exception {
        String output = run(WovenClub.class, "-javaagent:" + weaver());

        assertThat(output)
                .contains("managed=7")
                .contains("detached refused=io.lockweave.spring.jpa.WovenClub$Inside.hidden(Member)")
                .contains("was read before the lock was taken")
                .doesNotContain("detached=");
    }

    private static Path weaver() throws URISyntaxException {
        return Path.of(
                Agent.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String run(Class<?> program, String option, String... arguments) throws Exception {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName());
        List<String> command = Stream.concat(java, Stream.of(arguments)).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
