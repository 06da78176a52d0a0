package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator finds in the log. */
@Timeout(30)
class EventLogTest {

    private static final LockKey KEY = LockKey.of("logged", 7);
    private static final Logger LOGGER = Logger.getLogger("io.lockweave");

    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Listening(record -> {
        if (record.getMessage().contains("logged") || record.getMessage().contains("Locks of backend")) {
            records.add(record);
        }
    });

    private static final class Listening extends Handler {

        private final Consumer<LogRecord> listener;

        Listening(Consumer<LogRecord> listener) {
            this.listener = listener;
        }

        @Override
        public void publish(LogRecord record) {
            listener.accept(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void end() {
        LOGGER.removeHandler(handler);
        LOGGER.setLevel(null);
    }

    private List<String> lines(Level level) {
        return records.stream()
                .filter(record -> record.getLevel() == level)
                .map(LogRecord::getMessage)
                .toList();
    }

    private static void askElsewhereInVain(Locks locks, LockOptions options) {
        assertThat(CompletableFuture.supplyAsync(() -> locks.tryAcquire(KEY, options))
                        .join())
                .isEmpty();
    }

    @Test
    void theStartSaysWhereLocksAreKeptAndNothingElseDoes() {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            locks.acquire(KEY).close();
        }
        assertThat(lines(Level.INFO))
                .singleElement()
                .asString()
                .contains("backend local", "namespace lockweave", "wait time 10 s", "lease time 30 s");
        assertThat(records).hasSize(1);
    }

    @Test
    void eachStepIsWrittenAtDebug() {
        LOGGER.setLevel(Level.FINE);
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            CompletableFuture<Void> next =
                    CompletableFuture.runAsync(() -> locks.acquire(KEY).close());
            await().until(() -> !locks.inspect(KEY).waiters().isEmpty());
            held.close();
            next.join();
        }
        assertThat(lines(Level.FINE))
                .allMatch(line -> line.startsWith("Lock lockweave/logged[7] "))
                .anyMatch(line -> line.contains(" acquired after "))
                .anyMatch(line -> line.contains(" is waited for (exclusive); held by thread ")
                        && line.contains("number 1 of those who wait")
                        && line.contains("at most 10 s"))
                .anyMatch(line -> line.contains(" released after "));
    }

    @Test
    void debugThatIsTurnedOnLaterIsSeen() {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            locks.acquire(KEY).close();
            assertThat(lines(Level.FINE)).isEmpty();
            LOGGER.setLevel(Level.FINE);
            await().until(() -> {
                locks.acquire(KEY).close();
                return !lines(Level.FINE).isEmpty();
            });
        }
    }

    @Test
    void aWaitThatRanOutIsToldOnceForEachNameInAMinute() {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            LockOptions briefly = LockOptions.defaults().waitTime(Duration.ofMillis(1));
            for (int i = 0; i < 3; i++) {
                askElsewhereInVain(locks, briefly);
            }
            held.close();
        }
        assertThat(lines(Level.WARNING))
                .singleElement()
                .asString()
                .startsWith("Lock lockweave/logged[7] not acquired after ")
                .contains("held by thread " + Thread.currentThread().getName());
    }

    @Test
    void whoDoesNotWaitIsNotToldOf() {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            LockOptions noWait = LockOptions.defaults().waitTime(Duration.ZERO);
            askElsewhereInVain(locks, noWait);
            held.close();
        }
        assertThat(lines(Level.WARNING)).isEmpty();
    }

    @Test
    void whatWasLeftOutIsCounted() {
        EventLog log = new EventLog(new Namespace("shop"));
        for (long second : new long[] {0, 1, 2, 61}) {
            log.ranOut(KEY, TimeUnit.SECONDS.toNanos(second), Duration.ofSeconds(5), "", null);
        }
        assertThat(lines(Level.WARNING))
                .containsExactly(
                        "Lock shop/logged[7] not acquired after 5 s",
                        "Lock shop/logged[7] not acquired after 5 s. Of the name logged 2 further waits ran out since"
                                + " this was last said");
    }

    @Test
    void aNameCannotBreakTheLine() {
        EventLog log = new EventLog(new Namespace("shop"));
        LockKey odd = LockKey.of("logged\nERROR forged");
        log.ranOut(odd, 0, Duration.ofSeconds(5), "", null);
        log.ranOut(odd, 1, Duration.ofSeconds(5), "", null);
        log.ranOut(odd, TimeUnit.SECONDS.toNanos(61), Duration.ofSeconds(5), "", null);
        assertThat(lines(Level.WARNING)).hasSize(2).noneMatch(line -> line.contains("\n"));
    }

    @Test
    void aHoldThatLastsLongIsToldOnceWithTheStackOfItsThread() {
        try (Locks locks =
                Locks.builder(new MapStore()).longHold(Duration.ofMillis(1)).build()) {
            HeldLock held = locks.acquire(KEY);
            await().until(() -> !lines(Level.WARNING).isEmpty());
            held.close();
        }
        LogRecord told = records.stream()
                .filter(record -> record.getLevel() == Level.WARNING)
                .findFirst()
                .orElseThrow();
        assertThat(told.getMessage())
                .startsWith("Lock lockweave/logged[7] is held by thread ")
                .contains("0 of this JVM wait for it");
        assertThat(told.getThrown().getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("aHoldThatLastsLongIsToldOnceWithTheStackOfItsThread"));
    }

    @Test
    void aLogThatHangsHoldsUpNoTimer() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Handler hanging = new Listening(record -> {
            if (record.getMessage().contains("logged[7] is held by")) {
                written.countDown();
                awaitQuietly(goOn);
            }
        });
        LOGGER.addHandler(hanging);
        try (Locks locks =
                Locks.builder(new MapStore()).longHold(Duration.ofMillis(1)).build()) {
            HeldLock held = locks.acquire(KEY);
            assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Throwable> refused = new CompletableFuture<>();
            CompletableFuture.runAsync(
                    () -> locks.acquireAsync(KEY, LockOptions.defaults().waitTime(Duration.ofMillis(300)))
                            .whenComplete((got, why) -> refused.complete(why)));
            assertThat(refused.get(10, TimeUnit.SECONDS))
                    .as("of a claim whose wait time a timer ends")
                    .isInstanceOf(LockUnavailableException.class);
            held.close();
        } finally {
            goOn.countDown();
            LOGGER.removeHandler(hanging);
        }
    }

    @Test
    void aLogThatHangsHoldsUpNoRelease() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger written = new AtomicInteger();
        Handler hanging = new Listening(record -> {
            if (record.getMessage().contains("Giving lock lockweave/logged")) {
                written.incrementAndGet();
                awaitQuietly(goOn);
            }
        });
        MapStore store = new MapStore() {
            @Override
            public boolean release(Grant grant) {
                if (grant.key().name().equals("logged")) {
                    throw LockBackendException.passing("It is away", null);
                }
                return super.release(grant);
            }
        };
        LOGGER.addHandler(hanging);
        try (Locks locks = Locks.builder(store).release(LockRelease.SENT).build()) {
            for (int i = 0; i < 4; i++) {
                locks.acquire(LockKey.of("logged", i)).close();
            }
            await().until(() -> written.get() > 1);
            locks.acquire(LockKey.of("other")).close();
            await().until(() ->
                    store.held.keySet().stream().noneMatch(key -> key.name().equals("other")));
            goOn.countDown();
        } finally {
            goOn.countDown();
            LOGGER.removeHandler(hanging);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void namesThatComeLateShareOneCount() {
        SaidRarely said = new SaidRarely();
        for (int i = 0; i < 1_000; i++) {
            assertThat(said.leftOut("name" + i, 0)).isZero();
        }
        assertThat(said.leftOut("late", 0)).isZero();
        assertThat(said.leftOut("later", 1)).isNegative();
        assertThat(said.leftOut("name5", 1)).isNegative();
    }
}
