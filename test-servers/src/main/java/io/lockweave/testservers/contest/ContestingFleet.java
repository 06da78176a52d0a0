package io.lockweave.testservers.contest;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * JVMs that contend for a few locks, while they and their servers are put through faults. Short
 * in the ordinary build; the profile {@code nemesis} runs longer, with more JVMs and with several seeds.
 */
public final class ContestingFleet implements AutoCloseable {

    /** How many locks they contend for. */
    public static final int KEYS = 8;

    private static final long LEASE_MILLIS = 3_000;
    private static final int JVMS = Integer.getInteger("lockweave.test.nemesis-jvms", 3);
    /** About twice what a JVM needs that has just closed its locks. */
    private static final long MOST_KILOBYTES = 16 * 1_024;

    private static final Duration GO_ON = Duration.ofSeconds(30);

    private final Random random;
    private final List<ContestingProcess> running = new ArrayList<>();
    private final List<ContestingProcess> ended = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /**
     * Starts the JVMs.
     *
     * @param recipes how they make their backends, by their names; several of them in turn
     */
    public ContestingFleet(Map<String, ForkedHolder.Recipe> recipes, Random random) throws InterruptedException {
        this.random = random;
        List<Map.Entry<String, ForkedHolder.Recipe>> clients = List.copyOf(recipes.entrySet());
        for (int i = 0; i < JVMS; i++) {
            Map.Entry<String, ForkedHolder.Recipe> client = clients.get(i % clients.size());
            running.add(start(client.getKey(), client.getValue()));
        }
        for (ContestingProcess process : running) {
            process.awaitReady();
        }
    }

    /** The seeds of a run: those that are named, or one of the moment. */
    public static LongStream seeds() {
        String named = System.getProperty("lockweave.test.seed", "");
        return named.isEmpty()
                ? LongStream.of(System.nanoTime())
                : Arrays.stream(named.split(",", -1)).mapToLong(Long::parseLong);
    }

    private ContestingProcess start(String client, ForkedHolder.Recipe recipe) {
        return ContestingProcess.start(client, recipe, LEASE_MILLIS, KEYS, random.nextLong(), 60, 10);
    }

    /** Makes one fault after the other for so long; each fault says what it was. */
    public void endure(Duration time, Supplier<String> fault) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            faults.add(fault.get());
            rest(500 + random.nextInt(1_000));
        }
    }

    /** Stops a JVM for longer than its lease, and sometimes kills one and starts another. */
    public String stopOrKill() {
        int which = random.nextInt(running.size());
        ContestingProcess process = running.get(which);
        if (random.nextInt(7) == 0) {
            process.kill();
            ended.add(process);
            running.set(which, start(process.client(), process.recipe()));
            return "kill " + process.client();
        }
        process.stop();
        rest((int) LEASE_MILLIS + 200 + random.nextInt(1_500));
        process.goOn();
        return "stop " + process.client();
    }

    /**
     * Ends the JVMs; what they held never overlapped, fences grew, they went on after the last fault, and none of their
     * threads and little memory is left after their locks were closed.
     */
    public void check(String name) {
        boolean goOn = goOnWithin();
        List<String> left = running.stream().map(ContestingProcess::end).toList();
        ended.addAll(running);
        List<HistoryChecker.Stay> stays =
                ended.stream().flatMap(process -> process.stays().stream()).toList();
        System.out.println(name + ": " + stays.size() + " stays, longest time without a holder "
                + TimeUnit.NANOSECONDS.toMillis(longestGap(stays)) + " ms, " + faults.size() + " faults " + faults
                + ", threads and kilobytes at the end " + left);
        HistoryChecker history = new HistoryChecker();
        stays.forEach(history::add);
        history.check();
        if (!goOn) {
            throw new AssertionError("not all go on after the last fault");
        }
        if (history.size() < 50) {
            throw new AssertionError("no more than " + history.size() + " stays");
        }
        for (String one : left) {
            String[] words = one.split(" ", -1);
            if (words.length < 4 || !words[1].equals("0") || Long.parseLong(words[2]) > MOST_KILOBYTES) {
                throw new AssertionError("left after the locks were closed, threads and kilobytes: " + left);
            }
        }
    }

    /** Somebody always waits for each key, so that this is how long the worst fault kept everybody out. */
    private static long longestGap(List<HistoryChecker.Stay> stays) {
        long longest = 0;
        for (int key = 0; key < KEYS; key++) {
            String number = "" + key;
            List<HistoryChecker.Stay> ordered = stays.stream()
                    .filter(stay -> stay.key().equals(number))
                    .sorted((one, other) -> Long.signum(one.entered() - other.entered()))
                    .toList();
            for (int i = 1; i < ordered.size(); i++) {
                longest = Math.max(
                        longest, ordered.get(i).entered() - ordered.get(i - 1).left());
            }
        }
        return longest;
    }

    private boolean goOnWithin() {
        List<Integer> before =
                running.stream().map(process -> process.stays().size()).toList();
        long end = System.nanoTime() + GO_ON.toNanos();
        for (int i = 0; i < running.size(); i++) {
            while (running.get(i).stays().size() <= before.get(i)) {
                if (System.nanoTime() - end > 0) {
                    return false;
                }
                rest(20);
            }
        }
        return true;
    }

    /** Waits for so long. */
    public static void rest(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Override
    public void close() {
        running.forEach(ContestingProcess::close);
    }
}
