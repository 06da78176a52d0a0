package io.lockweave.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Finds a JDK of at least some version: the one that runs, the one named by {@code lockweave.jdk}, or one beside it.
 */
final class NewerJdk {

    private NewerJdk() {}

    static Optional<Path> java(int atLeast) throws IOException {
        Path running = Path.of(System.getProperty("java.home"));
        String named = System.getProperty("lockweave.jdk");
        try (Stream<Path> beside = Files.list(running.getParent())) {
            return Stream.concat(
                            named == null ? Stream.of(running) : Stream.of(Path.of(named), running), beside.sorted())
                    .filter(home -> feature(home) >= atLeast)
                    .map(home -> home.resolve("bin").resolve("java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    private static int feature(Path home) {
        Path release = home.resolve("release");
        Properties properties = new Properties();
        if (!Files.isReadable(release)) {
            return 0;
        }
        try (var in = Files.newInputStream(release)) {
            properties.load(in);
        } catch (IOException e) {
            return 0;
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("\\.")[0].replaceAll("\\D.*", ""));
    }
}
