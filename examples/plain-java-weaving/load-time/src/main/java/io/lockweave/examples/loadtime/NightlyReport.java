package io.lockweave.examples.loadtime;

import io.lockweave.Locked;
import java.time.LocalDate;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A job that several schedulers start at once, and only one of them is to do. */
final class NightlyReport {

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch mayFinish = new CountDownLatch(1);

    /** The report of a day, or nothing if somebody else is writing it. */
    @Locked(name = "report", key = "#day", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP)
    Optional<String> write(LocalDate day) throws InterruptedException {
        running.countDown();
        mayFinish.await();
        return Optional.of("report of " + day);
    }

    void awaitRunning() throws InterruptedException {
        running.await();
    }

    void finish() {
        mayFinish.countDown();
    }
}
