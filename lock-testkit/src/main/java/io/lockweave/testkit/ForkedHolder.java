package io.lockweave.testkit;

import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM that takes one lock and holds it until told to release it: to be killed or frozen while it holds. It ends
 * with this JVM at the latest. Not safe for use from several threads at once.
 */
public final class ForkedHolder implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Makes a backend in the other JVM. Public, with a public constructor without parameters. */
    @FunctionalInterface
    public interface BackendMaker {

        /** Makes the backend from the recipe's arguments. */
        LockBackend make(List<String> arguments) throws Exception;
    }

    /**
     * How another JVM makes a backend on the same store.
     *
     * @param maker the class that does it
     * @param arguments what it is told, for example a URL
     */
    public record Recipe(Class<? extends BackendMaker> maker, List<String> arguments) {

        /** Copies the arguments. */
        public Recipe {
            arguments = List.copyOf(arguments);
        }

        /** A recipe with these arguments. */
        public static Recipe of(Class<? extends BackendMaker> maker, String... arguments) {
            return new Recipe(maker, List.of(arguments));
        }
    }

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private ForkedHolder(Process process) {
        this.process = process;
        Threads.daemon("forked-holder-" + process.pid(), this::read);
    }

    /** Starts the JVM, which then waits for the lock and takes it; {@link #awaitHeld()} says when it has. */
    public static ForkedHolder start(Recipe recipe, LockKey key, Duration lease) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), HolderProcess.class.getName()));
        command.add(recipe.maker().getName());
        command.add(HolderProcess.encode(key));
        command.add(String.valueOf(lease.toMillis()));
        command.addAll(recipe.arguments());
        try {
            return new ForkedHolder(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start another JVM", e);
        }
    }

    /** The other JVM's process id. */
    public long pid() {
        return process.pid();
    }

    /**
     * Waits until it holds the lock.
     *
     * @return the fence it holds
     */
    public long awaitHeld() {
        return Long.parseLong(
                await(HolderProcess.HELD).substring(HolderProcess.HELD.length()).trim());
    }

    /** Waits until it has noticed that its lock was lost. */
    public void awaitLost() {
        await(HolderProcess.LOST);
    }

    /** Lets it release the lock, waits until it has, and until it has ended. */
    public void release() {
        try (Writer commands = process.outputWriter(StandardCharsets.UTF_8)) {
            commands.write("release\n");
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid() + " hears no more", e);
        }
        await(HolderProcess.RELEASED);
        awaitEnd();
    }

    /** Kills it on the spot ({@code kill -9}); it releases nothing. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Stops it in the middle of what it does ({@code kill -STOP}), as a long garbage collection would. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets a frozen one go on ({@code kill -CONT}). */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, String.valueOf(pid()))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send " + signal + " to process " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("there is no kill command here", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }

    /** Waits for a line with this beginning; earlier lines are passed over. */
    private String await(String beginning) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            for (long left = PATIENCE.toNanos(); left > 0; left = end - System.nanoTime()) {
                String line = lines.poll(left, TimeUnit.NANOSECONDS);
                if (line != null) {
                    seen.add(line);
                    if (line.startsWith(beginning)) {
                        return line;
                    }
                    if (line.startsWith(HolderProcess.ENDED)) {
                        break;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException(
                "process " + pid() + " did not say \"" + beginning + "\"; it said " + seen + " (its errors are above)");
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // killed in the middle of a line
        } finally {
            lines.add(HolderProcess.ENDED);
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the end of process " + pid(), e);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
