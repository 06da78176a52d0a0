package io.lockweave.benchmarks.contest;

import io.lockweave.redis.LettuceTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.redis.RedisScript;
import io.lockweave.redis.RedisTransport;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * T13: one key of a Redis that is a round trip of some milliseconds away, eight threads in each of one and of two
 * programs (engines with clients of their own, in one JVM). Arguments: seconds for each row.
 */
public final class FarRedis {

    private static final int THREADS = 8;

    private FarRedis() {}

    /** Prints the table. */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 5);
        try (RedisServer server = RedisServer.launch()) {
            for (int programs : new int[] {1, 2}) {
                for (int millis : new int[] {0, 1, 10, 50, 100}) {
                    row(server.uri(), programs, Duration.ofMillis(millis), time);
                }
            }
        }
        System.exit(0);
    }

    private static void row(String uri, int programs, Duration roundTrip, Duration time) throws Exception {
        List<Callable<Load.Outcome>> runs = new ArrayList<>();
        List<Mutex> mutexes = new ArrayList<>();
        for (int i = 0; i < programs; i++) {
            RedisTransport client = LettuceTransport.of(io.lettuce.core.RedisClient.create(uri));
            Mutex mutex = new LockweaveMutex(RedisBackend.over(new Far(client, roundTrip)), true, false);
            mutexes.add(mutex);
            // A little work, so that the store and not the processor is what counts.
            Mutex working = working(mutex);
            Load load = new Load(working, THREADS, thread -> "far").warmUp(time);
            runs.add(() -> load.run(time));
        }
        var pool = Executors.newFixedThreadPool(programs);
        StringBuilder each = new StringBuilder();
        double all = 0;
        for (Future<Load.Outcome> outcome : pool.invokeAll(runs)) {
            all += outcome.get().perSecond();
            each.append(String.format(Locale.ROOT, " %8.0f", outcome.get().perSecond()));
        }
        pool.shutdown();
        mutexes.forEach(Mutex::close);
        System.out.printf(
                Locale.ROOT,
                "%d programs, round trip %3d ms: %8.0f holds/s, each%s%n",
                programs,
                roundTrip.toMillis(),
                all,
                each);
    }

    private static Mutex working(Mutex mutex) {
        return new Mutex() {
            @Override
            public void run(String key, Runnable body) throws Exception {
                mutex.run(key, () -> {
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(20));
                    body.run();
                });
            }

            @Override
            public void close() {}
        };
    }

    /** A client whose answers and messages take their time. */
    private record Far(RedisTransport near, Duration roundTrip, ScheduledExecutorService later)
            implements RedisTransport {

        Far(RedisTransport near, Duration roundTrip) {
            this(near, roundTrip, Executors.newSingleThreadScheduledExecutor());
        }

        private void travel() {
            long until = System.nanoTime() + roundTrip.toNanos() / 2;
            for (long left = roundTrip.toNanos() / 2; left > 0; left = until - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        @Override
        public String client() {
            return near.client();
        }

        @Override
        public Duration timeout() {
            return near.timeout();
        }

        @Override
        public boolean cluster() {
            return near.cluster();
        }

        @Override
        public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
            travel();
            List<String> answer = near.run(script, keys, arguments);
            travel();
            return answer;
        }

        @Override
        public Confirmed runConfirmed(
                RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
            throw new UnsupportedOperationException("not measured");
        }

        @Override
        public Subscription subscribe(String channel, Listener listener) {
            return near.subscribe(channel, new Listener() {
                @Override
                public void listening() {
                    arrive(listener::listening);
                }

                @Override
                public void message(String message) {
                    arrive(() -> listener.message(message));
                }
            });
        }

        private void arrive(Runnable message) {
            later.schedule(message, roundTrip.toNanos() / 2, TimeUnit.NANOSECONDS);
        }

        @Override
        public List<String> scan(String pattern, int limit) {
            return near.scan(pattern, limit);
        }

        @Override
        public void close() {
            later.shutdownNow();
            near.close();
        }
    }
}
