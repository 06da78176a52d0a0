package io.lockweave.testservers.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The redis-server program: the one named by the system property {@code lockweave.test.redis-server} (any Redis or
 * Valkey), else the one for this platform out of the Maven artifact.
 */
final class RedisProgram {

    static final String PROPERTY = "lockweave.test.redis-server";

    private static @Nullable Path unpacked;

    private RedisProgram() {}

    static synchronized Path path() {
        String own = System.getProperty(PROPERTY, "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        Path known = unpacked;
        if (known == null) {
            known = unpack();
            unpacked = known;
        }
        return known;
    }

    private static Path unpack() {
        String resource = "/redis-server-7.0.15-" + platform();
        try (InputStream in = RedisProgram.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("There is no Redis program for this platform (" + resource
                        + "). Name one with -D" + PROPERTY + "=<path of redis-server>.");
            }
            Path folder = Files.createTempDirectory("lockweave-redis");
            folder.toFile().deleteOnExit();
            Path program = folder.resolve("redis-server");
            Files.copy(in, program);
            if (!program.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + program + " executable");
            }
            program.toFile().deleteOnExit();
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + resource, e);
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String arch = machine.equals("aarch64") ? "arm64" : machine.equals("x86_64") ? "amd64" : machine;
        return (system.startsWith("mac") ? "darwin" : system) + "-" + arch;
    }
}
