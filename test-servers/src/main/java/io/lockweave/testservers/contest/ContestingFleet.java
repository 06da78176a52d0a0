package io.lockweave.testservers.contest;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.HistoryChecker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * JVMs that contend for a few locks, while they and their servers are put through faults. Short
 * in the ordinary build; the profile {@code nemesis} runs longer, and with several seeds.
 */
public final class ContestingFleet implements AutoCloseable {

    /** How many locks they contend for. */
    public static final int KEYS = 8;

    private static final int LEASE_MILLIS = 3_000;
    private static final int JVMS = Integer.getInteger("lockweave.test.nemesis-jvms", 3);
    /** How many threads of each JVM want each of the locks. */
    private static final int THREADS = 2;
    /** How many locks each JVM has for itself. */
    private static final int OWN_KEYS = 4;
    /** About twice what a JVM needs that has just closed its locks. */
    private static final long MOST_KILOBYTES = 16 * 1_024;

    private static final Duration GO_ON = Duration.ofSeconds(30);

    private final Random random;
    private final List<ContestingProcess> running = new ArrayList<>();
    private final List<ContestingProcess> ended = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Queues queues = new Queues();

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
            Contest contest = new Contest(LEASE_MILLIS, KEYS, THREADS, "jvm" + i, OWN_KEYS, random.nextLong(), 60, 10);
            running.add(ContestingProcess.start(client.getKey(), client.getValue(), contest));
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

    /** Makes one fault after the other for so long; each fault says what it was. */
    public void endure(Duration time, Supplier<String> fault) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
            faults.add(fault.get());
            rest(300 + random.nextInt(700));
        }
    }

    /**
     * Stops a JVM for longer than its lease, and sometimes kills one and starts another. Half of them are known to wait
     * for a lock in this moment: then somebody behind it gets that lock before this goes on.
     */
    public String stopOrKill() {
        return random.nextBoolean() ? stopOrKillAny() : stopOrKillWaiter();
    }

    private String stopOrKillAny() {
        ContestingProcess process = running.get(random.nextInt(running.size()));
        if (random.nextInt(7) == 0) {
            replace(process);
            return "kill " + process.client();
        }
        process.stop();
        rest(longerThanLease());
        process.goOn();
        return "stop " + process.client();
    }

    private String stopOrKillWaiter() {
        ContestingProcess process = running.get(random.nextInt(running.size()));
        int first = random.nextInt(KEYS);
        process.stop();
        long at = System.nanoTime();
        rest(30); // what it had said before is read by then
        for (int i = 0; i < KEYS; i++) {
            String key = "" + (first + i) % KEYS;
            if (process.log().onlyWaits(key)) {
                boolean kill = random.nextInt(3) == 0;
                if (kill) {
                    process.kill();
                }
                List<ContestingProcess> others =
                        running.stream().filter(other -> other != process).toList();
                queues.stoppedWaiter(process, key, at, faults.isEmpty() ? "nothing" : faults.get(faults.size() - 1));
                Queues.awaitEntry(others, key);
                if (kill) {
                    replace(process);
                    return "kill waiting " + process.client();
                }
                rest(longerThanLease() - (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at));
                process.goOn();
                return "stop waiting " + process.client();
            }
        }
        rest(longerThanLease());
        process.goOn();
        return "stop " + process.client();
    }

    private int longerThanLease() {
        return LEASE_MILLIS + 200 + random.nextInt(1_500);
    }

    private void replace(ContestingProcess process) {
        process.kill();
        ended.add(process);
        running.set(running.indexOf(process), process.startAnother(random.nextLong()));
    }

    /**
     * Ends the JVMs; what they held never overlapped, fences grew, they went on after the last fault, and none of their
     * threads and little memory is left after their locks were closed.
     */
    public void check(String name) {
        boolean goOn = goOnWithin();
        List<String> began = running.stream()
                .flatMap(process -> process.said("ready ").stream())
                .toList();
        List<String> left = running.stream().map(ContestingProcess::end).toList();
        ended.addAll(running);
        List<HistoryChecker.Stay> stays = ended.stream()
                .flatMap(process -> process.log().stays().stream())
                .toList();
        System.out.println(name + ": " + stays.size() + " stays, of them "
                + stays.stream().filter(stay -> stay.key().startsWith("jvm")).count() + " in locks of one JVM alone, "
                + ended.stream().mapToInt(process -> process.log().losses()).sum()
                + " ended by a loss that was reported; longest time without a holder "
                + TimeUnit.NANOSECONDS.toMillis(Queues.longestGap(stays, KEYS)) + " ms; "
                + queues.count() + " JVMs were stopped or killed while they waited, until the next one was in "
                + queues.longestWait(stays) + "; "
                + faults.size() + " faults " + byKind() + "; kilobytes at the start " + began
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

    /** How many of each, without the numbers of slots. */
    private Map<String, Long> byKind() {
        return faults.stream()
                .collect(Collectors.groupingBy(
                        fault -> fault.replaceAll(" \\d+", ""), TreeMap::new, Collectors.counting()));
    }

    private boolean goOnWithin() {
        List<Integer> before =
                running.stream().map(process -> process.log().size()).toList();
        long end = System.nanoTime() + GO_ON.toNanos();
        for (int i = 0; i < running.size(); i++) {
            while (running.get(i).log().size() <= before.get(i)) {
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
