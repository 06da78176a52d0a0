package io.lockweave.examples.pointsrace;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Races all strategies and prints a table. Exits with 1 if a row that promised to lose nothing lost something, or if
 * the unguarded row lost nothing (then the race was none).
 */
public final class PointsRace {

    private static final int THREADS = 8;
    private static final int REQUESTS = 2_000;

    /** One entry for each row; a new backend is a new entry. */
    private static final List<Callable<Strategy>> STRATEGIES = Stream.concat(
                    Stream.<Callable<Strategy>>of(
                            Unguarded::new,
                            AnnotatedLocal::new,
                            ProgrammaticLocal::new,
                            QueuedLocal::new,
                            AnnotatedRedis::new),
                    DatabaseStrategy.all().stream())
            .toList();

    private PointsRace() {}

    /** Takes the number of threads and of requests for each of them; both may be left out. */
    public static void main(String[] args) throws Exception {
        int threads = args.length > 0 ? Integer.parseInt(args[0]) : THREADS;
        int requests = args.length > 1 ? Integer.parseInt(args[1]) : REQUESTS;
        System.out.println(
                "Adding 1 point " + threads * requests + " times to one user, from " + threads + " threads:");
        System.out.println();
        System.out.println(Result.HEADER);
        boolean good = true;
        for (Result result : run(new Race(threads, requests))) {
            good &= result.kept() && (result.losesNothing() || result.lost() > 0);
        }
        System.exit(good ? 0 : 1);
    }

    static List<Result> run(Race race) throws Exception {
        List<Result> results = new ArrayList<>();
        for (Callable<Strategy> opened : STRATEGIES) {
            try (Strategy strategy = opened.call()) {
                Result result = race.run(strategy);
                System.out.println(result.row());
                results.add(result);
            }
        }
        return results;
    }
}
