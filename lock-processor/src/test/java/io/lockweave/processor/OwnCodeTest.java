package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code of this project, which is right but where it is wrong on purpose. */
class OwnCodeTest {

    private static final Path CORE = Path.of("../lock-core/src/test/java/io/lockweave");

    /** Classes with methods that are wrong, so that a test can see that they are refused. */
    private static final Set<String> WRONG_ON_PURPOSE = Set.of(
            "FuturePoints.java",
            "Mistakes.java",
            "PlaceholdersTest.java",
            "Points.java",
            "ResultsTest.java",
            "ToldAtStartTest.java");

    private static List<Path> javaFilesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Other classes of lock-core's tests are not there, which is no matter to the processor. */
    @Test
    void noFalseAlarmInTheTestsOfLockCore() throws IOException {
        Compiler compiler = new Compiler().with("-Alockweave.mode=aspectj", "-proc:only");
        javaFilesOf(CORE).forEach(compiler::file);
        assertThat(compiler.compile())
                .filteredOn(told -> told.message().contains("To fix it"))
                .filteredOn(told -> !WRONG_ON_PURPOSE.contains(told.file()))
                .isEmpty();
    }

    @Test
    void noFalseAlarmInTheExamples() throws IOException {
        for (Path file : javaFilesOf(Path.of("../examples"))) {
            String mode = file.toString().contains("spring") ? "proxy" : "aspectj";
            assertThat(new Compiler()
                            .with("-Alockweave.mode=" + mode, "-proc:only")
                            .file(file)
                            .compile())
                    .as(file.toString())
                    .filteredOn(told -> told.message().contains("To fix it"))
                    .isEmpty();
        }
    }

    /** All but the one that only a run with a certain argument shows: assignments, and joins with null. */
    @Test
    void everyMistakeOfLockCoresTestIsTold() {
        assertThat(new Compiler()
                        .with("-Alockweave.mode=aspectj", "-proc:only")
                        .file(CORE.resolve("invoke/Mistakes.java"))
                        .compile())
                .filteredOn(told -> told.message().contains("To fix it"))
                .hasSize(44)
                .allMatch(Compiler.Told::isError)
                .allMatch(told -> !told.code().isEmpty());
    }
}
