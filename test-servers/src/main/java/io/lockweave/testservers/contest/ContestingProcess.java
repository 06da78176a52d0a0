package io.lockweave.testservers.contest;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testservers.database.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link ContestingProgram} in a JVM of its own, which can be stopped and continued as a whole. */
public final class ContestingProcess implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 40_000;

    private final String client;
    private final ForkedHolder.Recipe recipe;
    private final Contest contest;
    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final ContestLog log = new ContestLog();
    private final Thread reader;

    private ContestingProcess(String client, ForkedHolder.Recipe recipe, Contest contest, Process process) {
        this.client = client;
        this.recipe = recipe;
        this.contest = contest;
        this.process = process;
        this.reader = new Thread(this::read, "contesting-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** One thread for each of the contested keys, with short pauses. */
    public static ContestingProcess start(
            String client, ForkedHolder.Recipe recipe, int leaseMillis, int keys, long seed, int stay) {
        return start(client, recipe, new Contest(leaseMillis, keys, 1, "none", 0, seed, stay, 2));
    }

    /** The backend is made by the recipe. */
    static ContestingProcess start(String client, ForkedHolder.Recipe recipe, Contest contest) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ContestingProgram.class.getName()));
        command.add(recipe.maker().getName());
        command.addAll(contest.words());
        command.addAll(recipe.arguments());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new ContestingProcess(client, recipe, contest, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start another JVM", e);
        }
    }

    /** Another one in its place, which has been killed. */
    ContestingProcess startAnother(long seed) {
        return start(client, recipe, contest.with(seed));
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.add(who(), line);
                ready.countDown();
            }
        } catch (IOException e) {
            // killed in the middle of a line
        }
    }

    /** Waits until it contends. */
    public ContestingProcess awaitReady() throws InterruptedException {
        ready.await();
        return this;
    }

    /** What it was called. */
    String client() {
        return client;
    }

    /** How stays name it. */
    String who() {
        return client + "-" + process.pid();
    }

    /** What it has said. */
    ContestLog log() {
        return log;
    }

    /** Stops it in its tracks. */
    public void stop() {
        Signals.freeze(process.pid());
    }

    /** Lets it go on after that. */
    public void goOn() {
        Signals.thaw(process.pid());
    }

    /** Ends it at once, as kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
        awaitAllRead();
    }

    private void awaitAllRead() {
        try {
            reader.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has it close its locks and end; what it says of what is left, or nothing if it does not end by itself. */
    String end() {
        try (Writer commands = process.outputWriter(StandardCharsets.UTF_8)) {
            commands.write("end\n");
            commands.flush();
            process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // it is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        return String.join(" ", said("left "));
    }

    /** What it said that begins so; no stays and waits. */
    public List<String> said(String beginning) {
        return log.said(beginning);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
