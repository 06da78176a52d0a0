package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.weaving.program.Redeploys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications that come and go while the JVM and its pools of threads live on: nothing of Lockweave keeps them. */
class RedeployTest {

    @TempDir
    Path folder;

    static List<Path> jdks() throws IOException {
        return ForkedJvm.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void applicationsThatHaveEndedAreCollected(Path jdk) throws Exception {
        // caches that are emptied when memory is short are emptied at each collection here
        Map<String, String> collected = ForkedJvm.run(
                jdk,
                List.of("-XX:SoftRefLRUPolicyMSPerMB=0"),
                System.getProperty("java.class.path"),
                Redeploys.class.getName(),
                folder.toString());

        assertThat(collected)
                .containsOnlyKeys(
                        "with a Lockweave of its own, ended by reset",
                        "with a store, ended by reset",
                        "below a shared Lockweave",
                        "below a shared Lockweave with a store",
                        "with a container",
                        "arguments, by property",
                        "arguments, by expression")
                .allSatisfy((what, howMany) -> assertThat(howMany).as(what).isEqualTo("20 of 20"));
    }
}
