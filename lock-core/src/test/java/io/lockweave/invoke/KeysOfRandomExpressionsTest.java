package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.weaving.ForkedJvm;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The same argument is the same key, or the same refusal, on every node: cold or warm, by annotation or by hand, in
 * other time zones and locales, on other versions of Java and Spring. Each run has a seed of its own; a failure names
 * it.
 */
class KeysOfRandomExpressionsTest {

    private static final int KEYS = 300;

    private final long seed = ThreadLocalRandom.current().nextLong();

    @Test
    void everyJvmMakesTheSameKeys() throws Exception {
        Path home = ForkedJvm.jdks().get(0);
        Map<String, String> here = keys(home, List.of("-Duser.timezone=UTC", "-Duser.language=en"), List.of());
        assertThat(here).hasSize(KEYS);
        assertThat(here.values()).as("seed %d", seed).anyMatch(key -> !key.endsWith(KeysOfExpressions.REFUSED));
        List<String> elsewhere = List.of("-Duser.timezone=Asia/Kolkata", "-Duser.language=tr", "-Duser.country=TR");
        List<String> arabic = List.of(
                "-Duser.timezone=America/St_Johns",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-Duser.extensions=u-nu-arab");
        List<Path> spring62 = spring62();
        assertThat(keys(home, elsewhere, List.of(), "warm"))
                .as("warm, seed %d", seed)
                .isEqualTo(here);
        assertThat(keys(home, arabic, spring62)).as("Spring 6.2, seed %d", seed).isEqualTo(here);
        assertThat(keys(home, elsewhere, spring62, "warm"))
                .as("Spring 6.2, warm, seed %d", seed)
                .isEqualTo(here);
        for (Path newer : ForkedJvm.jdks().subList(1, ForkedJvm.jdks().size())) {
            assertThat(keys(newer, arabic, List.of(), "warm"))
                    .as("%s, seed %d", newer, seed)
                    .isEqualTo(here);
        }
    }

    @Test
    void theAnnotationAndKeysByHandAgree() {
        RandomKeys random = new RandomKeys(seed);
        KeysOfExpressions alone = new KeysOfExpressions("#x");
        for (int i = 0; i < KEYS; i++) {
            Object value = random.value();
            if (!KeysOfExpressions.locksSeveral(value)) {
                assertThat(alone.of(value)).as("%s, seed %d", value, seed).isEqualTo(RandomKeys.byHand(value));
            }
        }
    }

    private Map<String, String> keys(Path jdk, List<String> options, List<Path> first, String... how) throws Exception {
        String classPath = Stream.concat(
                        first.stream().map(Path::toString),
                        Stream.of(ForkedJvm.placeOf(RandomKeys.class).toString(), ForkedJvm.classPath()))
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
        List<String> all = new ArrayList<>(List.of("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8"));
        all.addAll(options);
        List<String> arguments = new ArrayList<>(List.of(Long.toString(seed), Integer.toString(KEYS)));
        arguments.addAll(Arrays.asList(how));
        return ForkedJvm.run(jdk, all, classPath, RandomKeys.class.getName(), arguments.toArray(String[]::new));
    }

    /** Where the build has put the other version's jars. */
    private static List<Path> spring62() throws Exception {
        try (Stream<Path> jars = Files.list(Path.of("target", "spring-6.2"))) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).toList();
        }
    }
}
