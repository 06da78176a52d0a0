package io.lockweave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.weaving.ForkedJvm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a build asks: whether all is woven, and right. */
class WeavingCheckTest {

    private static final String UNWOVEN = """
            package com.acme.points;
            import io.lockweave.Locked;
            public class Points {
                @Locked public void add() {}
                @Locked(key = "#idd") public void remove(long id) {}
                @Locked(waitTime = "soon") public static void all() {}
                public void other() {}
                public static void use() { io.lockweave.Lockweave.locks(); }
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void compile() throws Exception {
        Path source = Files.createDirectories(folder.resolve("com/acme/points")).resolve("Points.java");
        ForkedJvm.compile(folder, List.of("-parameters"), Files.writeString(source, UNWOVEN));
    }

    private static String output(int expected, String... places) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        try {
            assertThat(WeavingCheck.run(places)).isEqualTo(expected);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theCommandListsWhatIsNotWovenAndWhatIsWrong() {
        assertThat(output(1, folder.toString()).lines())
                .contains(
                        "not woven: com.acme.points.Points.add()",
                        "not woven: com.acme.points.Points.remove(long)",
                        "not woven: com.acme.points.Points.all()")
                .anyMatch(line -> line.startsWith("key = \"#idd\" of com.acme.points.Points.remove(long)"))
                .anyMatch(line -> line.startsWith("waitTime of com.acme.points.Points.all() = \"soon\" is not a time"))
                .endsWith("3 locked methods, 3 problems");
    }

    @Test
    void theCommandOnAPlaceThatIsNotThere() {
        assertThat(output(2, folder.resolve("nowhere").toString())).contains("nowhere is not there");
        assertThat(output(2)).startsWith("Usage: java");
    }

    @Test
    void theCommandAsABuildCallsIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        WeavingCheck.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isEqualTo(1);
        assertThat(printed).contains("not woven: com.acme.points.Points.add()");
    }

    @Test
    void aPackageAndThoseBelowIt() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            assertThatThrownBy(() -> WeavingCheck.requirePackage(loader, "com.acme"))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("com.acme.points.Points.add()")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(2));
            assertThatThrownBy(() -> WeavingCheck.requirePackage(loader, "com.nobody"))
                    .hasMessageContaining("There are no classes in package com.nobody");
        }
        WeavingCheck.requirePackage(WeavingCheck.class.getClassLoader(), "io.lockweave.spi");
    }

    @Test
    void aClassThatUsesLockweaveUnwovenIsWarnedOf() throws Exception {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getMessage().contains("were not woven")) {
                    warnings.add(entry.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("io.lockweave");
        log.addHandler(handler);
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Class<?> type = loader.loadClass("com.acme.points.Points");
            type.getMethod("use").invoke(null);
            type.getMethod("use").invoke(null);
        } finally {
            log.removeHandler(handler);
            Lockweave.reset();
        }
        assertThat(warnings).singleElement().satisfies(warning -> assertThat(warning)
                .startsWith("These @Locked methods were not woven and run without their lock: ")
                .contains("com.acme.points.Points.add()", "--add-modules java.se,jdk.unsupported"));
    }
}
