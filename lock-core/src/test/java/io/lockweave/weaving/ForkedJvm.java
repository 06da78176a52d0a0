package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles and runs programs in JVMs of their own. */
public final class ForkedJvm {

    private ForkedJvm() {}

    /** This JDK, and one JDK of a later version if there is one installed beside it. */
    public static List<Path> jdks() throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        List<Path> all = new ArrayList<>(List.of(own));
        try (Stream<Path> siblings = Files.list(own.getParent())) {
            siblings.filter(home -> version(home) > Runtime.version().feature())
                    .findFirst()
                    .ifPresent(all::add);
        }
        return all;
    }

    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(release)) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.substring("JAVA_VERSION=\"".length()).split("[.\"+-]", 2)[0])
                    .mapToInt(Integer::parseInt)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    public static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The class path of the tests without the tests themselves, behind the given places. */
    public static String classPath(Path... first) {
        Path tests = placeOf(ForkedJvm.class);
        Stream<String> own = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(tests));
        return String.join(
                File.pathSeparator,
                Stream.concat(Stream.of(first).map(Path::toString), own).toList());
    }

    /** Compiles test sources of this module by javac alone, so that no weaver has seen them. */
    public static void compile(Path target, List<String> options, Path... sources) {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-proc:none", "-d", target.toString(), "-cp", classPath()));
        Stream.of(sources).map(Path::toString).forEach(arguments::add);
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(failed).as("javac " + arguments).isZero();
    }

    /** Runs a program; its lines {@code what=outcome} in order. */
    public static Map<String, String> run(
            Path jdk, List<String> options, String classPath, String main, String... arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-cp", classPath, main));
        all.addAll(List.of(arguments));
        Ended ended = runToEnd(jdk, all);
        assertThat(ended.exit()).as("%s%n%s", all, ended).isZero();
        return ended.outcomes();
    }

    /** Runs a program, however it ends. */
    static Ended runToEnd(Path jdk, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), "-Xmx256m"));
        command.addAll(arguments);
        Path errors = Files.createTempFile("forked", ".txt");
        try {
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(2, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
            }
            assertThat(ended)
                    .as("%s%n%s%n%s", command, output, Files.readString(errors))
                    .isTrue();
            return new Ended(process.exitValue(), output, Files.readString(errors));
        } finally {
            Files.delete(errors);
        }
    }

    /** A program that has ended. */
    record Ended(int exit, String output, String errors) {

        Map<String, String> outcomes() {
            Map<String, String> lines = new LinkedHashMap<>();
            output.lines().filter(line -> line.contains("=")).forEach(line -> {
                String[] parts = line.split("=", 2);
                lines.put(parts[0], parts[1]);
            });
            return lines;
        }
    }
}
