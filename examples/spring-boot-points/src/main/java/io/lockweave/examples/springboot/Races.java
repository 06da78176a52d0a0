package io.lockweave.examples.springboot;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Runs one race at a time, guarded by a lock of its own that goes from the request to the race's thread. */
@Service
class Races {

    private static final LockKey ONE_AT_A_TIME = LockKey.of("race");
    private static final int REMEMBERED = 6;

    private final List<Strategy> strategies;
    private final Accounts accounts;
    private final Locks locks;
    /** Begins with the time, so that no race of this program has the id of one before its restart. */
    private final AtomicLong ids = new AtomicLong(System.currentTimeMillis());

    private final Deque<RaceReport> ended = new ConcurrentLinkedDeque<>();
    private final AtomicReference<@Nullable Race> last = new AtomicReference<>();

    Races(List<Strategy> strategies, Accounts accounts, Locks locks) {
        this.strategies = strategies;
        this.accounts = accounts;
        this.locks = locks;
    }

    List<Strategy> strategies() {
        return strategies;
    }

    Strategy strategy(String id) {
        return strategies.stream()
                .filter(strategy -> strategy.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new WrongValueException(
                        "strategy",
                        id,
                        "one of " + strategies.stream().map(Strategy::id).collect(Collectors.joining(", "))));
    }

    /**
     * Begins a race.
     *
     * @return its id
     * @throws LockUnavailableException if one is running
     */
    long start(RaceOrder order) throws Exception {
        Strategy strategy = strategy(order.strategy());
        Optional<HeldLock> held = LockScope.named("race").call(() -> locks.tryAcquire(ONE_AT_A_TIME));
        if (held.isEmpty()) {
            throw LockUnavailableException.busy(ONE_AT_A_TIME, Duration.ZERO, null);
        }
        long id = ids.incrementAndGet();
        Race race = new Race(id, order, strategy, accounts);
        last.set(race);
        Thread thread = new Thread(
                () -> {
                    try (HeldLock running = held.get()) {
                        race.run();
                        remember(race.report());
                    }
                },
                "race");
        thread.setDaemon(true);
        thread.start();
        return id;
    }

    private void remember(RaceReport report) {
        ended.addFirst(report);
        while (ended.size() > REMEMBERED) {
            ended.removeLast();
        }
    }

    /** The last few races that have ended, the newest first. */
    List<RaceReport> ended() {
        return List.copyOf(ended);
    }

    Optional<RaceReport> report() {
        return Optional.ofNullable(last.get()).map(Race::report);
    }
}
