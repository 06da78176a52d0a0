package io.lockweave.testservers.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One redis-server process on a free port of this machine, with a data folder of its own. Not safe for use from several
 * threads. Whatever still runs when the JVM ends is killed.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration READY = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private final List<String> command = new ArrayList<>();
    private @Nullable Process process;

    private RedisServer(List<String> fixed, List<String> options) {
        try {
            folder = Files.createTempDirectory("lockweave-redis-data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        port = freePort();
        command.add(RedisProgram.path().toString());
        command.addAll(fixed);
        command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--dir", folder.toString()));
        command.addAll(options);
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end redis " + port));
    }

    /**
     * Starts a server without persistence, unless the options say otherwise, and waits until it answers.
     *
     * @param options as on redis-server's command line, for example {@code "--appendonly", "yes"}
     */
    public static RedisServer launch(String... options) {
        RedisServer server = new RedisServer(List.of(), withDefaults(options));
        server.start();
        return server;
    }

    /** Starts a Sentinel with this configuration. */
    static RedisServer launchSentinel(List<String> configuration) {
        try {
            Path file = Files.createTempFile("lockweave-sentinel", ".conf");
            Files.write(file, configuration);
            file.toFile().deleteOnExit();
            RedisServer server = new RedisServer(List.of(file.toString(), "--sentinel"), List.of());
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> withDefaults(String... options) {
        List<String> all = new ArrayList<>(List.of("--save", ""));
        all.addAll(List.of("--repl-diskless-sync-delay", "0"));
        all.addAll(List.of(options));
        return all;
    }

    /** Starts it again, on the same port and data, after {@link #kill}. */
    public void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("it runs");
        }
        File log = folder.resolve("redis.log").toFile();
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("redis on port " + port + " to answer; see " + log, () -> {
            if (process != null && !process.isAlive()) {
                throw new IllegalStateException("redis on port " + port + " ended: " + text(log));
            }
            return answers();
        });
    }

    private static String text(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return log + " cannot be read";
        }
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Its address for clients. */
    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Runs one command on a connection of its own. */
    public String run(String... parts) {
        try (RedisWire wire = new RedisWire(port)) {
            return wire.text(parts);
        }
    }

    /** How many keys it has. */
    public int keys() {
        return Integer.parseInt(run("DBSIZE"));
    }

    /** Whether it answers a PING with PONG: up, and done with loading. */
    public boolean answers() {
        try {
            return run("PING").equals("PONG");
        } catch (UncheckedIOException e) {
            return false;
        } catch (IllegalStateException e) {
            return !String.valueOf(e.getMessage()).startsWith("LOADING");
        }
    }

    /** Ends the process at once, as kill -9 does. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Stops it in its tracks; connections stay open. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets a frozen server go on. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        if (process == null) {
            throw new IllegalStateException("it does not run");
        }
        try {
            int code = new ProcessBuilder("kill", signal, "" + process.pid())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill " + signal + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Kills it and deletes its data. */
    @Override
    public void close() {
        kill();
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A port nobody listens on right now, and that no outgoing connection gets: it is below the range from which the
     * system takes theirs, so it stays free until a server is started, or started again.
     */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + READY.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
