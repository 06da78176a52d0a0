package io.lockweave.examples.loadtime;

import io.lockweave.WeavingCheck;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Compiled by javac alone; {@code java -javaagent:aspectjweaver.jar} puts the locks in while the classes are loaded.
 */
public final class TwoSchedulers {

    private TwoSchedulers() {}

    /** Starts one job twice and fails unless it was done once. */
    public static void main(String[] args) throws Exception {
        WeavingCheck.require(NightlyReport.class);
        NightlyReport report = new NightlyReport();
        LocalDate day = LocalDate.of(2026, 1, 31);
        CompletableFuture<Optional<String>> first = CompletableFuture.supplyAsync(() -> write(report, day));
        report.awaitRunning();
        Optional<String> second = write(report, day);
        report.finish();
        System.out.println("first: " + first.get().orElse("skipped"));
        System.out.println("second: " + second.orElse("skipped"));
        if (first.get().isEmpty() || second.isPresent()) {
            System.exit(1);
        }
    }

    private static Optional<String> write(NightlyReport report, LocalDate day) {
        try {
            return report.write(day);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
