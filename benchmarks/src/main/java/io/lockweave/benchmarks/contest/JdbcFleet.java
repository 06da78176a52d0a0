package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.database.PostgresServer;
import java.time.Duration;
import java.util.List;

/** T6: as {@link RedisFleet}, on one PostgreSQL. Arguments: seconds for each row, and for its warm-up. */
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
            RedisFleet.member(JdbcMutexes.valueOf(args[1]).open(args[2], CONNECTIONS), args[3], args[4]);
            return;
        }
        Duration time = RedisFleet.seconds(args, 0, 5);
        Duration warmUp = RedisFleet.seconds(args, 1, RedisFleet.WARM_UP);
        String url = PostgresServer.shared().url();
        JdbcMutexes.prepare(url);
        System.out.println("T6: one key, 4 JVMs with 8 threads each");
        for (JdbcMutexes who : ROWS) {
            RedisFleet.report(who, RedisFleet.runMembers(JdbcFleet.class, who, url, time, warmUp));
        }
        System.exit(0);
    }
}
