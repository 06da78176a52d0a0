package io.lockweave.testservers.contest;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testservers.database.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A {@link ContestingProgram} in a JVM of its own, which can be stopped and continued as a whole. */
public final class ContestingProcess implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 40_000;

    private final String client;
    private final ForkedHolder.Recipe recipe;
    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private ContestingProcess(String client, ForkedHolder.Recipe recipe, Process process) {
        this.client = client;
        this.recipe = recipe;
        this.process = process;
        this.reader = new Thread(this::read, "contesting-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** As below, with short pauses. */
    public static ContestingProcess start(
            String client, ForkedHolder.Recipe recipe, long leaseMillis, int keys, long seed, int stay) {
        return start(client, recipe, leaseMillis, keys, seed, stay, 2);
    }

    /** Stays of up to so many milliseconds, and pauses; the backend is made by the recipe. */
    static ContestingProcess start(
            String client, ForkedHolder.Recipe recipe, long leaseMillis, int keys, long seed, int stay, int pause) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ContestingProgram.class.getName()));
        command.add(recipe.maker().getName());
        command.addAll(List.of("" + leaseMillis, "" + keys, "" + seed, "" + stay, "" + pause));
        command.addAll(recipe.arguments());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new ContestingProcess(client, recipe, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start another JVM", e);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
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

    /** How it made its backend. */
    ForkedHolder.Recipe recipe() {
        return recipe;
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

    /** What it said that begins so. */
    public List<String> said(String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).toList();
    }

    /** Its stays, also one that ended in a loss, up to when it last saw that it held the lock. */
    List<HistoryChecker.Stay> stays() {
        List<HistoryChecker.Stay> stays = new ArrayList<>();
        for (String line : said("stay ")) {
            String[] words = line.split(" ", -1);
            if (words.length == 6) {
                stays.add(new HistoryChecker.Stay(
                        client + "-" + process.pid(),
                        words[1],
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4]),
                        false));
            }
        }
        return stays;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
