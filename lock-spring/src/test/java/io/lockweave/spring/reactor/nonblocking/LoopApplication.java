package io.lockweave.spring.reactor.nonblocking;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.Points;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.blockhound.BlockHound;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A program in which BlockHound watches the threads of an event loop. Prints what it saw. */
@Configuration
@EnableLocking
public class LoopApplication {

    /** Points changed by reading and writing, in a reactive method. */
    public static class Points {

        private int points;

        @Locked(name = "user", key = "#user", waitTime = "forever")
        public Mono<Integer> add(String user, Scheduler loop) {
            return Mono.defer(() -> {
                int before = points;
                return Mono.delay(Duration.ofNanos(10_000), loop).map(tick -> points = before + 1);
            });
        }
    }

    /** Inside the process, or in a database, which is asked on other threads than those of the loop. */
    @Bean
    LockBackend backend() {
        return Boolean.getBoolean("points.in-database")
                ? JdbcBackend.lease(JdbcConnectionPool.create("jdbc:h2:mem:loop;DB_CLOSE_DELAY=-1", "sa", ""))
                        .initializeSchema(true)
                        .build()
                : new LocalBackend();
    }

    @Bean
    Points points() {
        return new Points();
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        Queue<Throwable> blocked = new ConcurrentLinkedQueue<>();
        BlockHound.builder()
                .loadIntegrations()
                .blockingMethodCallback(method -> {
                    Throwable here = new IllegalStateException(method.toString());
                    if (!isAtMutex(here.getStackTrace())) {
                        blocked.add(here);
                    }
                })
                .install();
        Scheduler loop = Schedulers.newParallel("loop", 2);
        try (AnnotationConfigApplicationContext context =
                new AnnotationConfigApplicationContext(LoopApplication.class)) {
            Points points = context.getBean(Points.class);
            Integer served = Flux.range(0, 1_000)
                    .flatMap(i -> points.add("ann", loop).subscribeOn(loop), 1_000)
                    .reduce(0, Math::max)
                    .block(Duration.ofSeconds(50));
            System.out.println("served=" + served);
            System.out.println("blocked=" + blocked.size());
            blocked.forEach(Throwable::printStackTrace);
            blocked.clear();

            block(context.getBean(Locks.class), loop);
            System.out.println("noticed=" + !blocked.isEmpty());
        } finally {
            loop.dispose();
        }
    }

    /**
     * The engine guards its lists of waiters and timers with mutexes, each for the length of an insertion, as the JDK
     * does in its own queues of timers, which BlockHound lets pass.
     */
    private static boolean isAtMutex(StackTraceElement[] stack) {
        for (int i = 1; i < stack.length; i++) {
            if (stack[i].getClassName().startsWith("io.lockweave.engine.")) {
                return stack[i - 1].getClassName().equals(ReentrantLock.class.getName())
                        && stack[i - 1].getMethodName().equals("lock");
            }
        }
        return false;
    }

    /** Shows that a thread of the loop that waits for a lock would have been noticed. */
    private static void block(Locks locks, Scheduler loop) throws Exception {
        LockKey key = LockKey.of("user", "ann");
        LockOptions briefly = LockOptions.defaults().waitTime(Duration.ofMillis(50));
        HeldLock held = LockScope.named("holder").call(() -> locks.acquire(key));
        Mono.fromCallable(() -> locks.tryAcquire(key, briefly).isEmpty())
                .subscribeOn(loop)
                .block(Duration.ofSeconds(20));
        held.close();
    }
}
