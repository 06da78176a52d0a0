package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Runs 10,000 virtual threads against 100 keys and prints {@code served pinned platform}: how many were served, how
 * often one was pinned to its carrier, and how many platform threads there were at the peak. Needs JDK 21; started by
 * reflection, since the sources are for 17.
 */
public final class VirtualThreadsProgram {

    private static final int THREADS = 10_000;
    private static final int KEYS = 100;

    private VirtualThreadsProgram() {}

    /** Takes nothing. */
    public static void main(String[] args) throws Exception {
        race(); // loads the classes: the JVM pins whoever waits for that
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.start();
            long served = race();
            recording.stop();
            int platform = ManagementFactory.getThreadMXBean().getPeakThreadCount();
            System.out.println(served + " " + pinned(recording) + " " + platform);
        }
    }

    /** How many of the threads were served, by the counters that their locks guard. */
    private static long race() throws Exception {
        Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        long[] counters = new long[KEYS];
        CountDownLatch done = new CountDownLatch(THREADS);
        LockOptions patient = LockOptions.defaults().waitTime(LockOptions.FOREVER);
        try (Locks locks = Locks.local()) {
            List<HeldLock> gates = new ArrayList<>();
            for (int k = 0; k < KEYS; k++) {
                gates.add(locks.acquire(LockKey.of("user", k)));
            }
            for (int t = 0; t < THREADS; t++) {
                int key = t % KEYS;
                Runnable work = () -> {
                    try (HeldLock held = locks.acquire(LockKey.of("user", key), patient)) {
                        counters[key]++;
                        Thread.yield();
                    } finally {
                        done.countDown();
                    }
                };
                start.invoke(null, work);
            }
            gates.forEach(HeldLock::close);
            done.await(60, TimeUnit.SECONDS);
        }
        return Arrays.stream(counters).sum();
    }

    private static long pinned(Recording recording) throws IOException {
        Path file = Files.createTempFile("pinned", ".jfr");
        try {
            recording.dump(file);
            List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
                    .toList();
            events.forEach(System.out::println);
            return events.size();
        } finally {
            Files.delete(file);
        }
    }
}
