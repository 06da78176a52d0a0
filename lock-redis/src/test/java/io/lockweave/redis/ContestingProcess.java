package io.lockweave.redis;

import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testservers.database.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;

/** A {@link ContestingProgram} in a JVM of its own, which can be stopped and continued as a whole. */
final class ContestingProcess implements AutoCloseable {

    private final RedisClients client;
    private final Process process;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private ContestingProcess(RedisClients client, Process process) {
        this.client = client;
        this.process = process;
        this.reader = new Thread(this::read, "contesting-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    static ContestingProcess start(RedisClients client, String uri, long leaseMillis, int keys, long seed, int stay) {
        return start(client, uri, leaseMillis, keys, seed, stay, 2);
    }

    /** Stays of up to so many milliseconds, and pauses. */
    static ContestingProcess start(
            RedisClients client, String uri, long leaseMillis, int keys, long seed, int stay, int pause) {
        try {
            return new ContestingProcess(
                    client,
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx96m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ContestingProgram.class.getName(),
                                    client.name(),
                                    uri,
                                    "" + leaseMillis,
                                    "" + keys,
                                    "" + seed,
                                    "" + stay,
                                    "" + pause)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
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

    ContestingProcess awaitReady() throws InterruptedException {
        ready.await();
        return this;
    }

    RedisClients client() {
        return client;
    }

    void stop() {
        Signals.freeze(process.pid());
    }

    void goOn() {
        Signals.thaw(process.pid());
    }

    /** Ends it at once, as kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
        Awaitility.await().until(() -> !reader.isAlive());
    }

    /** What it said that begins so. */
    List<String> said(String beginning) {
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
