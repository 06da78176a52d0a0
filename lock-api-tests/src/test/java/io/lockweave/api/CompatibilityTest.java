package io.lockweave.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who uses the last release can use what is here: {@code -Pcompatibility -Dcompatibility.since=...} compares. */
class CompatibilityTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "compatibility.released", matches = ".+")
    @ValueSource(strings = {"lock-core", "lock-jdbc", "lock-processor", "lock-redis", "lock-spring", "lock-testkit"})
    void nothingIsBroken(String module) throws IOException {
        Path released = Path.of(System.getProperty("compatibility.released"), module + ".jar");

        assertThat(Breaks.between(
                        released,
                        Path.of("..", module, "target/classes"),
                        type -> ModuleApi.promises(Path.of("..", module), type)))
                .isEmpty();
    }

    @Test
    void whatWouldBreakUsersIsFound() throws IOException {
        Path before = compile("before", "int a(); String b(); int GONE = 1;", "extends Exception");
        Path now = compile("now", "int a(); int b(); void c();", "");
        Path released = folder.resolve("released.jar");
        Breaks.pack(before, released);

        assertThat(Breaks.between(released, before, type -> true)).isEmpty();
        assertThat(Breaks.between(released, now, type -> true))
                .contains(
                        "Shape.b: METHOD_RETURN_TYPE_CHANGED",
                        "Shape.c: METHOD_ADDED_TO_INTERFACE",
                        "Shape.GONE: FIELD_REMOVED")
                .anyMatch(line -> line.startsWith("Failure"))
                .noneMatch(line -> line.startsWith("Shape.a"));
        assertThat(Breaks.between(released, now, type -> type.equals("Failure")))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("Failure"));
    }

    private Path compile(String name, String members, String above) throws IOException {
        Path source = Files.createDirectories(folder.resolve(name + "-source")).resolve("Shape.java");
        Files.writeString(source, "public interface Shape { " + members + " }");
        Path other = Files.writeString(
                source.resolveSibling("Failure.java"), "public class Failure " + above + " { public Failure() {} }");
        Path target = folder.resolve(name);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                target.toString(),
                                source.toString(),
                                other.toString()))
                .isZero();
        return target;
    }
}
