package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.Locked;
import io.lockweave.weaving.ForkedJvm.Ended;
import io.lockweave.weaving.module.ModularProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A program that is a module, beside the packaged lock-core, woven in each way on every JDK found. */
class ModulePathIT {

    private static final String PACKAGE = ModularProgram.class.getPackageName();
    private static final Path SOURCE =
            Path.of("src/test/java", ModularProgram.class.getName().replace('.', '/') + ".java");

    @TempDir
    static Path folder;

    private static Path closed;
    private static Path open;

    @BeforeAll
    static void compileModules() throws IOException {
        closed = compile("closed", "");
        open = compile("open", "opens " + PACKAGE + " to io.lockweave.core, spring.core, spring.expression;");
    }

    static List<Path> jdks() throws IOException {
        return ForkedJvm.jdks();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void wovenAtCompileTimeNothingNeedsToBeAdded(Path jdk) throws Exception {
        assertThat(run(jdk, woven(open), List.of()).outcomes()).containsExactlyInAnyOrderEntriesOf(allLocked());
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aKeyOfAClosedModuleIsRefusedWithTheRemedy(Path jdk) throws Exception {
        Map<String, String> outcomes = run(jdk, woven(closed), List.of()).outcomes();

        assertThat(outcomes).containsEntry("text", "text[1]");
        assertThat(outcomes.get("record"))
                .startsWith("refused: key = \"#account\" of " + PACKAGE + ".ModularProgram.byRecord(Account)")
                .contains("whose components are not accessible")
                .endsWith("To fix it: open its package to Lockweave in module-info, or lock on what identifies it.");
        for (String what : List.of("property", "call")) {
            assertThat(outcomes.get(what))
                    .startsWith("refused: key = \"#account.owner")
                    .endsWith(
                            "To fix it: make what it reads public; in a module, open its package to io.lockweave.core,"
                                    + " spring.core and spring.expression in module-info.");
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void wovenAtLoadTimeWithTheModulesOfTheDocs(Path jdk) throws Exception {
        for (String added : List.of("java.se,jdk.unsupported", "java.se,jdk.unsupported,org.apache.commons.logging")) {
            assertThat(run(jdk, open, weaver("--add-modules", added)).outcomes())
                    .as(added)
                    .containsExactlyInAnyOrderEntriesOf(allLocked());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWeaverThatLacksModulesIsNoticedByTheCheck(Path jdk) throws Exception {
        Ended ended = run(jdk, open, weaver("--add-modules", "jdk.unsupported"));

        assertThat(ended.errors()).contains("NoClassDefFoundError: java/sql/SQLException");
        assertThat(ended.outcomes()).containsEntry("text", "unlocked");
        assertThat(ended.outcomes().get("check"))
                .startsWith("refused: These @Locked methods were not woven and would run without their lock: ")
                .contains(PACKAGE + ".ModularProgram.byText(String)");
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void aWeaverWithoutAnyModuleEndsTheJvm(Path jdk) throws Exception {
        Ended ended = run(jdk, open, weaver());

        assertThat(ended.exit()).isNotZero();
        assertThat(ended.errors()).contains("NoClassDefFoundError: sun/misc/Unsafe");
        assertThat(ended.outcomes()).doesNotContainKey("text");
    }

    private static Map<String, String> allLocked() {
        return Map.of(
                "module", "com.acme.program",
                "text", "text[1]",
                "record", "record[(Ada,1)]",
                "property", "property[Ada]",
                "call", "call[Ada]",
                "check", "woven");
    }

    private static Path compile(String name, String opened) throws IOException {
        Path target = folder.resolve(name);
        Path declaration =
                Files.createDirectories(folder.resolve("source-" + name)).resolve("module-info.java");
        Files.writeString(
                declaration,
                "module com.acme.program { requires io.lockweave.core;" + " requires org.aspectj.runtime; " + opened
                        + " }");
        String[] arguments = {
            "-proc:none",
            "-parameters",
            "--release",
            "17",
            "-d",
            target.toString(),
            "-p",
            libraries(),
            declaration.toString(),
            SOURCE.toString()
        };
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments))
                .isZero();
        return target;
    }

    /** The module with the classes that the build has woven. */
    private static Path woven(Path module) throws IOException {
        Path target = Files.createTempDirectory(folder, "woven");
        copy(module, target);
        copy(
                ForkedJvm.placeOf(ModularProgram.class).resolve(PACKAGE.replace('.', '/')),
                target.resolve(PACKAGE.replace('.', '/')));
        return target;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file));
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static List<String> weaver(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-Dorg.aspectj.dump.directory=" + folder); // what it leaves of its failures
        all.add("-javaagent:" + WeavingTest.weaver());
        return all;
    }

    private static Ended run(Path jdk, Path module, List<String> options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(
                "-p",
                module + File.pathSeparator + libraries(),
                "-m",
                "com.acme.program/" + ModularProgram.class.getName()));
        return ForkedJvm.runToEnd(jdk, all);
    }

    /** What lock-core brings with it. */
    private static String libraries() {
        Path core = ForkedJvm.placeOf(Locked.class);
        assertThat(core).as("the packaged module, which has a name").isRegularFile();
        List<String> needed =
                List.of("aspectjrt-", "commons-logging-", "jspecify-", "spring-core-", "spring-expression-");
        return Stream.concat(
                        Stream.of(core.toString()),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(entry -> needed.stream().anyMatch(new File(entry).getName()::startsWith)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
