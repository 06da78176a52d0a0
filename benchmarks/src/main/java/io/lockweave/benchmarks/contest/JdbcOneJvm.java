package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.database.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * T6: one JVM on a PostgreSQL of its own. Arguments: seconds for each row. The rows without contention are run several
 * times in turn, and the fastest time of each counts, so that a machine that is busy with something else spoils no row.
 */
public final class JdbcOneJvm {

    private static final int CONNECTIONS = 20;
    private static final int ROUNDS = 3;

    private static final List<JdbcMutexes> UNCONTENDED = List.of(
            JdbcMutexes.RAW_LEASE_STATEMENTS,
            JdbcMutexes.LEASE,
            JdbcMutexes.RAW_ADVISORY_LOCK,
            JdbcMutexes.SESSION,
            JdbcMutexes.SPRING_INTEGRATION,
            JdbcMutexes.SHEDLOCK);

    private static final List<JdbcMutexes> CONTENDED = List.of(
            JdbcMutexes.LEASE,
            JdbcMutexes.LEASE_WITHOUT_HAND_OVER,
            JdbcMutexes.SESSION,
            JdbcMutexes.SESSION_WITHOUT_HAND_OVER,
            JdbcMutexes.SPRING_INTEGRATION);

    private JdbcOneJvm() {}

    /** Prints both tables. */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 5);
        String url = PostgresServer.shared().url();
        JdbcMutexes.prepare(url);
        System.out.println("T6: uncontended, 1 thread, 1 key");
        double[] fastest = new double[UNCONTENDED.size()];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < fastest.length; i++) {
                fastest[i] = Math.max(
                        fastest[i], run(UNCONTENDED.get(i), url, 1, time).perSecond());
            }
        }
        for (int i = 0; i < fastest.length; i++) {
            System.out.printf(Locale.ROOT, "%-26s %8.1f us each%n", UNCONTENDED.get(i), 1e6 / fastest[i]);
        }
        System.out.println("T6: one key, 16 threads");
        for (JdbcMutexes who : CONTENDED) {
            Load.Outcome outcome = run(who, url, 16, time);
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %10.0f ops/s   busiest/idlest %6.1f%n",
                    who,
                    outcome.perSecond(),
                    outcome.spread());
        }
        System.exit(0);
    }

    private static Load.Outcome run(JdbcMutexes who, String url, int threads, Duration time) throws Exception {
        try (Mutex mutex = who.open(url, CONNECTIONS)) {
            return new Load(mutex, threads, thread -> "key")
                    .warmUp(time.dividedBy(2))
                    .run(time);
        }
    }
}
