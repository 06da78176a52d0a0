package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/**
 * T5: four JVMs with eight threads each on one key of one Redis. Each JVM tells when it entered and when it began to
 * leave, by the machine's monotonic clock; a hand-off is the time from a leaving in one JVM to the next entering in
 * another one; {@code -Djvms=2} for another number of them. All JVMs begin and end at the same time. Arguments: seconds
 * for each row, and for its warm-up.
 */
public final class RedisFleet {

    private static final int JVMS = Integer.getInteger("jvms", 4);
    private static final int THREADS = 8;
    private static final int KEPT = 200_000;

    /** Seconds in which four JVMs on two cores have compiled what they need. */
    static final int WARM_UP = 15;

    private static final List<RedisMutexes> ROWS = List.of(
            RedisMutexes.BLPOP_TOKEN,
            RedisMutexes.JEDIS,
            RedisMutexes.JEDIS_WITHOUT_HAND_OVER,
            RedisMutexes.LETTUCE_WITHOUT_HAND_OVER,
            RedisMutexes.REDISSON_RLOCK,
            RedisMutexes.LOCK4J,
            RedisMutexes.SPRING_INTEGRATION);

    /** One stay: entered, began to leave, in which JVM. */
    private record Stay(long entered, long left, int jvm) {}

    private RedisFleet() {}

    /** Prints the table; with {@code member} as the first argument, is one of the JVMs. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("member")) {
            member(RedisMutexes.valueOf(args[1]).open(args[2]), args[3], args[4]);
            return;
        }
        Duration time = seconds(args, 0, 5);
        Duration warmUp = seconds(args, 1, WARM_UP);
        List<RedisMutexes> rows = args.length > 2
                ? Arrays.stream(args, 2, args.length).map(RedisMutexes::valueOf).toList()
                : ROWS;
        try (RedisServer server = RedisServer.launch()) {
            System.out.println("T5: one key, " + JVMS + " JVMs with " + THREADS + " threads each");
            for (RedisMutexes who : rows) {
                TokenMutex.prepare(server.uri(), "hot");
                report(who, runMembers(RedisFleet.class, who, server.uri(), time, warmUp));
            }
        }
        System.exit(0); // some clients keep threads that are no daemons
    }

    static Duration seconds(String[] args, int index, int otherwise) {
        return Duration.ofSeconds(args.length > index ? Long.parseLong(args[index]) : otherwise);
    }

    /**
     * Runs a program as so many members, which all begin and end at the same time, and gives what each of them printed.
     */
    static List<List<String>> runMembers(Class<?> program, Enum<?> who, String uri, Duration time, Duration warmUp)
            throws Exception {
        return runMembers(JVMS, program, who, uri, time, warmUp, List.of());
    }

    /** As above, with so many members, which get more arguments. */
    static List<List<String>> runMembers(
            int jvms, Class<?> program, Enum<?> who, String uri, Duration time, Duration warmUp, List<String> more)
            throws Exception {
        long begin = System.nanoTime() + warmUp.toNanos(); // one clock for all processes of a machine
        long end = begin + time.toNanos();
        List<Process> members = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    program.getName(),
                    "member",
                    who.name(),
                    uri,
                    String.valueOf(begin),
                    String.valueOf(end)));
            command.addAll(more);
            members.add(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        List<List<String>> outputs = new ArrayList<>();
        for (Process member : members) {
            outputs.add(lines(member));
        }
        return outputs;
    }

    private static List<String> lines(Process member) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(member.getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    /** Prints a row of the table, and gives how many stays there were in a second. */
    static double report(Enum<?> who, List<List<String>> outputs) {
        double perSecond = 0;
        double most = 0;
        double least = Double.MAX_VALUE;
        List<Stay> stays = new ArrayList<>();
        for (int jvm = 0; jvm < outputs.size(); jvm++) {
            List<String> lines = outputs.get(jvm);
            double rate = Double.parseDouble(lines.get(0));
            perSecond += rate;
            most = Math.max(most, rate);
            least = Math.min(least, rate);
            for (String line : lines.subList(1, lines.size())) {
                String[] times = line.split(" ", 2);
                stays.add(new Stay(Long.parseLong(times[0]), Long.parseLong(times[1]), jvm));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-26s %10.0f ops/s   busiest/idlest JVM %5.2f   hand-off between JVMs p50 %7.1f us%n",
                who,
                perSecond,
                most / Math.max(1, least),
                median(stays) / 1e3);
        return perSecond;
    }

    private static double median(List<Stay> stays) {
        stays.sort((a, b) -> Long.compare(a.entered(), b.entered()));
        LongStream.Builder gaps = LongStream.builder();
        for (int i = 1; i < stays.size(); i++) {
            Stay before = stays.get(i - 1);
            Stay after = stays.get(i);
            if (before.jvm() != after.jvm()) {
                gaps.add(after.entered() - before.left());
            }
        }
        long[] sorted = gaps.build().sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /**
     * Is one of the JVMs: races from and until the given times, prints what {@link #report} reads, and ends the JVM.
     */
    static void member(Mutex opened, String from, String until) throws Exception {
        long begin = Long.parseLong(from);
        long end = Long.parseLong(until);
        ConcurrentLinkedQueue<long[]> kept = new ConcurrentLinkedQueue<>();
        try (Mutex mutex = opened) {
            Mutex timed = new Mutex() {
                private int count;

                @Override
                public void run(String key, Runnable body) throws Exception {
                    mutex.run(key, () -> {
                        long entered = System.nanoTime();
                        body.run();
                        if (entered - begin > 0 && count++ < KEPT) {
                            kept.add(new long[] {entered, System.nanoTime()});
                        }
                    });
                }

                @Override
                public void close() {}
            };
            Load load = new Load(timed, THREADS, thread -> "hot");
            load.warmUp(Duration.ofNanos(begin - System.nanoTime()));
            Load.Outcome outcome = load.run(Duration.ofNanos(end - System.nanoTime()));
            StringBuilder out = new StringBuilder().append(outcome.perSecond()).append('\n');
            kept.forEach(stay -> out.append(Arrays.stream(stay)
                            .mapToObj(Long::toString)
                            .reduce((a, b) -> a + " " + b)
                            .orElse(""))
                    .append('\n'));
            System.out.print(out);
        }
        System.exit(0);
    }
}
