package io.lockweave.benchmarks.contest;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * T6: as {@link RedisFleet}, on one database, which counts the statements. Arguments: seconds for each row, and for its
 * warm-up, JVMs, milliseconds that each thread pauses after a stay and works in it, rows. The system properties
 * {@code database} and {@code url} name another one of {@link FleetDatabase} than PostgreSQL, and a server that runs.
 */
public final class JdbcFleet {

    /** Enough for eight threads and a listener. */
    private static final int CONNECTIONS = 10;

    private static final List<JdbcMutexes> ROWS = List.of(
            JdbcMutexes.LEASE,
            JdbcMutexes.LEASE_WITHOUT_HAND_OVER,
            JdbcMutexes.SESSION,
            JdbcMutexes.SESSION_WITHOUT_HAND_OVER,
            JdbcMutexes.SPRING_INTEGRATION);

    private JdbcFleet() {}

    /** Prints the table; with {@code member} as the first argument, is one of the JVMs. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals("member")) {
            Mutex mutex = JdbcMutexes.valueOf(args[1]).open(args[2], CONNECTIONS);
            Mutex slow = new Slow(mutex, millis(args[5]), millis(args[6]));
            RedisFleet.member(slow, args[3], args[4]);
            return;
        }
        Duration time = RedisFleet.seconds(args, 0, 5);
        Duration warmUp = RedisFleet.seconds(args, 1, RedisFleet.WARM_UP);
        int jvms = args.length > 2 ? Integer.parseInt(args[2]) : 4;
        String pause = args.length > 3 ? args[3] : "0";
        String work = args.length > 4 ? args[4] : "0";
        List<JdbcMutexes> rows = args.length > 5
                ? Arrays.stream(args, 5, args.length).map(JdbcMutexes::valueOf).toList()
                : ROWS;
        FleetDatabase database = FleetDatabase.valueOf(System.getProperty("database", "POSTGRESQL"));
        String url = database.launch();
        JdbcMutexes.prepare(url);
        System.out.println("T6: one key of " + database + ", " + jvms + " JVMs with 8 threads each, " + work
                + " ms of work, pauses of " + pause + " ms");
        for (JdbcMutexes who : rows) {
            Statements statements = new Statements(url, database, warmUp, time);
            List<List<String>> outputs =
                    RedisFleet.runMembers(jvms, JdbcFleet.class, who, url, time, warmUp, List.of(pause, work));
            double perSecond = RedisFleet.report(who, outputs);
            System.out.printf(
                    Locale.ROOT, "%-26s %10.2f statements for each stay%n", "", statements.perSecond() / perSecond);
        }
        System.exit(0);
    }

    private static long millis(String text) {
        return Duration.ofMillis(Long.parseLong(text)).toNanos();
    }

    /** Lets each thread work in its stay and pause after it, without using the processor. */
    private record Slow(Mutex mutex, long pause, long work) implements Mutex {

        @Override
        public void run(String key, Runnable body) throws Exception {
            mutex.run(key, () -> {
                body.run();
                rest(work);
            });
            rest(pause);
        }

        private static void rest(long nanos) {
            if (nanos > 0) {
                LockSupport.parkNanos(nanos);
            }
        }

        @Override
        public void close() {
            mutex.close();
        }
    }

    /** What the server counts while the members race. */
    private static final class Statements {

        private final Thread thread;
        private volatile double rate = Double.NaN;

        Statements(String url, FleetDatabase database, Duration before, Duration during) {
            this.thread = new Thread(() -> {
                LockSupport.parkNanos(before.toNanos());
                long first = database.count(url);
                long begin = System.nanoTime();
                LockSupport.parkNanos(during.toNanos());
                rate = (database.count(url) - first) * 1e9 / (System.nanoTime() - begin);
            });
            thread.start();
        }

        double perSecond() throws InterruptedException {
            thread.join();
            return rate;
        }
    }
}
