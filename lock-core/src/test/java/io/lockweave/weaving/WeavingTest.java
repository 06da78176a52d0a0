package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.weaving.program.WovenProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same program woven at compile time, at load time and not at all, on every JDK found. */
class WeavingTest {

    private static final String MAIN = WovenProgram.class.getName();
    private static final Path SOURCES = Path.of("src/test/java/io/lockweave/weaving/program");

    @TempDir
    static Path unwoven;

    @BeforeAll
    static void compileWithoutWeaver() {
        ForkedJvm.compile(
                unwoven,
                List.of("-g", "-parameters", "--release", "17"),
                SOURCES.resolve("Placements.java"),
                SOURCES.resolve("WovenProgram.java"));
    }

    static List<Path> jdks() throws IOException {
        return ForkedJvm.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void wovenAtCompileTime(Path jdk) throws Exception {
        Path woven = ForkedJvm.placeOf(WovenProgram.class);
        honoured(ForkedJvm.run(jdk, List.of(), ForkedJvm.classPath(woven), MAIN));
        checked(ForkedJvm.run(jdk, List.of(), ForkedJvm.classPath(woven), MAIN, "check"));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void wovenAtLoadTime(Path jdk) throws Exception {
        List<String> weaver = List.of("-javaagent:" + weaver());
        honoured(ForkedJvm.run(jdk, weaver, ForkedJvm.classPath(unwoven), MAIN));
        checked(ForkedJvm.run(jdk, weaver, ForkedJvm.classPath(unwoven), MAIN, "check"));
    }

    @Test
    void withoutAWeaverTheCheckNamesEveryMethodAndTheWaysOut() throws Exception {
        Path jdk = Path.of(System.getProperty("java.home"));
        Map<String, String> outcome = ForkedJvm.run(jdk, List.of(), ForkedJvm.classPath(unwoven), MAIN, "check");

        assertThat(outcome.get("check"))
                .startsWith("refused: These @Locked methods were not woven and would run without their lock: ")
                .contains("io.lockweave.weaving.program.Placements.instance(String)")
                .contains("io.lockweave.weaving.program.Placements.secret()")
                .contains("io.lockweave.weaving.program.Placements.composedTwice(String)")
                .contains("io.lockweave.weaving.program.Placements$Text.run(String)")
                .contains("To fix it: weave the class at compile time (ajc")
                .contains("-javaagent:aspectjweaver.jar")
                .contains("lock-spring");
        assertThat(ForkedJvm.run(jdk, List.of(), ForkedJvm.classPath(unwoven), MAIN))
                .containsEntry("instance", "unlocked");
    }

    static Path weaver() {
        try {
            return ForkedJvm.placeOf(
                    Class.forName("org.aspectj.weaver.loadtime.Agent", false, WeavingTest.class.getClassLoader()));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checked(Map<String, String> outcome) {
        assertThat(outcome)
                .containsEntry("check", "woven")
                .containsEntry("check of interface and implementation", "woven")
                .containsEntry("check of overrides with the annotation", "woven");
        assertThat(outcome.get("check of a plain override"))
                .contains("or on one that is overridden without it")
                .contains("Placements$Base.run() in io.lockweave.weaving.program.Placements$Overriding.");
        assertThat(outcome.get("check of an overridden default method"))
                .contains("Placements$WithDefault.run() in io.lockweave.weaving.program.Placements$OverridesDefault.");
        assertThat(outcome.get("check of an interface alone"))
                .contains("@Locked on a method without a body")
                .contains("Placements$Declared.run()");
        assertThat(outcome.get("check of an abstract class")).contains("Placements$Abstract.run()");
    }

    private static void honoured(Map<String, String> outcome) {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("constructor", "p[constructor]");
        expected.put("instance", "p[1]");
        expected.put("self-invoked private", "p[private]");
        expected.put("static", "p[2]");
        expected.put("self-invoked private static", "p[3]");
        expected.put("final", "p[final]");
        expected.put("varargs", "p[4]");
        expected.put("generic", "p[5]");
        expected.put("exception", "IOException: own exception under p");
        expected.put("primitive", "7");
        expected.put("repeated", "a[1]");
        expected.put("composed", "composed[7]");
        expected.put("composed twice", "composed[8]");
        expected.put("composed of two", "a[9]");
        expected.put("later", "later[10]");
        expected.put("bridge", "bridged[11]");
        expected.put("overriding", "unlocked around base");
        expected.put("inherited", "base");
        expected.put("overriding, both locked", "derived around base");
        expected.put("default method", "default");
        expected.put("default method through its interface", "default");
        expected.put("default method overridden with the annotation", "overridden default");
        expected.put("static of an abstract class", "of an abstract class");
        expected.put("interface and implementation", "implemented");
        expected.put("interface alone, by a method handle", "unlocked"); // seen by nobody but WeavingCheck
        expected.put("race", "lost 0");
        assertThat(outcome).containsAllEntriesOf(expected);

        String refused = "refused: @Locked on a method without a body, or on one that is overridden without it, is not"
                + " seen by a weaver,"
                + " so what implements it would run without its lock: io.lockweave.weaving.program.Placements$";
        assertThat(outcome.get("interface alone"))
                .startsWith(refused + "Declared.run() in io.lockweave.weaving.program.Placements$Implements")
                .endsWith("To fix it: put @Locked on the method that implements it.");
        assertThat(outcome.get("default method overridden without it"))
                .startsWith(refused + "WithDefault.run() in io.lockweave.weaving.program.Placements$OverridesDefault");
        assertThat(outcome.get("lambda of a locked interface")).startsWith(refused + "Declared.run()");
        assertThat(outcome.get("abstract class alone")).startsWith(refused + "Abstract.run()");
        assertThat(outcome).hasSize(expected.size() + 4);
    }
}
