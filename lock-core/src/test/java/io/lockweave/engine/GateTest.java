package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gate by itself, without owners that run and without time that passes. */
@Timeout(60)
class GateTest {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final int ALL = Room.ALL;

    /** Much longer than a waiter is patient, in nanoseconds. */
    private static final long LONG = 10 * Waiter.PATIENCE;

    private static Waiter waiter(LockMode mode, boolean inTurn) {
        ResolvedOptions options =
                new ResolvedOptions(mode, mode == LockMode.PERMIT ? 3 : 1, false, inTurn, 0, 0, true, 0, false);
        return new Waiter(Owner.scope("waiter"), options, options.units(), 0, 0, () -> {});
    }

    private static Gate gate(int limit, int inside) {
        return new Gate(KEY, limit, inside, null, new ReentrantLock());
    }

    private static Waiter queued(Turnstile gate, LockMode mode, boolean inTurn) {
        Waiter waiter = waiter(mode, inTurn);
        assertThat(gate.enqueue(waiter)).isTrue();
        return waiter;
    }

    /** The moment before somebody who leaves gets the mutex, which others may use. */
    private static final class SlowMutex extends ReentrantLock {

        private static final long serialVersionUID = 1;
        private transient Runnable before = () -> {};

        @Override
        public void lock() {
            Runnable now = before;
            before = () -> {};
            now.run();
            super.lock();
        }
    }

    /** Goes in wherever it can. */
    private static final class Newcomer extends Thread {

        private volatile Turnstile gate;
        private volatile boolean entered;
        private volatile boolean over;

        @Override
        public void run() {
            while (!over) {
                Turnstile now = gate;
                if (now != null && now.tryEnter(ALL, false) == Room.Entry.ENTERED) {
                    gate = null;
                    entered = true;
                }
            }
        }
    }

    /** Taken by one who is inside, and never out of use. */
    private static final class Endless extends Turnstile {

        Endless(ReentrantLock mutex) {
            super(KEY, ALL, ALL, mutex, false);
        }

        @Override
        void died() {
            throw new AssertionError("it ended: " + this);
        }
    }

    @Test
    void whoLeavesAfterTheDirectServiceHasEndedLetsNobodyInBesideANewcomer() throws InterruptedException {
        Newcomer newcomer = new Newcomer();
        newcomer.start();
        try {
            for (int round = 0; round < 20_000; round++) {
                SlowMutex mutex = new SlowMutex();
                Turnstile gate = new Endless(mutex);
                Waiter fair = queued(gate, LockMode.EXCLUSIVE, true);
                Waiter barging = queued(gate, LockMode.EXCLUSIVE, false);
                newcomer.entered = false;
                newcomer.gate = gate;
                mutex.before = () -> assertThat(gate.cancel(fair)).isTrue();

                gate.leave(ALL);

                boolean letIn = barging.status() == Waiter.INSIDE;
                assertThat(gate.inside()).as("units inside in round %d", round).isEqualTo(ALL);
                if (!letIn) {
                    while (!newcomer.entered) {
                        Thread.onSpinWait();
                    }
                }
                assertThat(letIn && newcomer.entered)
                        .as("a waiter and a newcomer both inside in round %d", round)
                        .isFalse();
            }
        } finally {
            newcomer.over = true;
            newcomer.join();
        }
    }

    @Test
    void aHeadThatHasWaitedTooLongIsNextHoweverManyOthersGiveUp() {
        Gate gate = gate(ALL, ALL);
        Waiter first = queued(gate, LockMode.EXCLUSIVE, false);
        assertThat(gate.enterFromQueue(first, 0)).isFalse();
        assertThat(gate.enterFromQueue(first, LONG)).isFalse();
        assertThat(gate.isDirect()).isTrue();

        for (int i = 0; i < 3; i++) {
            assertThat(gate.cancel(queued(gate, LockMode.EXCLUSIVE, i == 1))).isTrue();
            assertThat(gate.isDirect()).as("after %d gave up", i + 1).isTrue();
        }

        assertThat(gate.leave(ALL)).isTrue();
        assertThat(first.status()).isEqualTo(Waiter.INSIDE);
        assertThat(gate.isDirect()).isFalse();
    }

    @Test
    void theDirectServiceEndsWithTheHeadThatHadItDue() {
        Gate gate = gate(ALL, ALL);
        Waiter first = queued(gate, LockMode.EXCLUSIVE, false);
        Waiter second = queued(gate, LockMode.EXCLUSIVE, false);
        gate.enterFromQueue(first, 0);
        gate.enterFromQueue(first, LONG);

        assertThat(gate.cancel(first)).isTrue();

        assertThat(gate.isDirect()).isFalse();
        assertThat(gate.leave(ALL)).isTrue();
        assertThat(second.status()).isEqualTo(Waiter.SIGNALLED);
        assertThat(gate.tryEnter(ALL, false)).isEqualTo(Room.Entry.ENTERED);
    }

    @Test
    void newcomersPassAHeadOnlyUntilItIsOverdue() {
        Gate gate = gate(ALL, ALL);
        Waiter first = queued(gate, LockMode.EXCLUSIVE, false);
        gate.enterFromQueue(first, 0);

        gate.leave(ALL);
        assertThat(gate.tryEnter(ALL, false)).isEqualTo(Room.Entry.ENTERED);
        assertThat(gate.enterFromQueue(first, Waiter.PATIENCE)).isFalse();
        gate.leave(ALL);
        assertThat(gate.tryEnter(ALL, false)).isEqualTo(Room.Entry.ENTERED);
        assertThat(gate.enterFromQueue(first, Waiter.PATIENCE + 1)).isFalse();
        gate.leave(ALL);

        assertThat(gate.tryEnter(ALL, false)).isEqualTo(Room.Entry.FULL);
        assertThat(first.status()).isEqualTo(Waiter.INSIDE);
    }

    @Test
    void sharedClaimsNeverPassAQueueAndEnterTogether() {
        Gate gate = gate(ALL, 1);
        Waiter exclusive = queued(gate, LockMode.EXCLUSIVE, false);
        assertThat(gate.tryEnter(1, false)).isEqualTo(Room.Entry.FULL);
        Waiter shared = queued(gate, LockMode.SHARED, true);
        Waiter sharedToo = queued(gate, LockMode.SHARED, true);

        gate.leave(1);
        assertThat(exclusive.status()).isEqualTo(Waiter.INSIDE);
        gate.leave(ALL);

        assertThat(shared.status()).isEqualTo(Waiter.INSIDE);
        assertThat(sharedToo.status()).isEqualTo(Waiter.INSIDE);
        assertThat(gate.inside()).isEqualTo(2);
    }

    @Test
    void aGateThatNobodyUsesIsDeadAndOutOfTheRegistry() {
        GateRegistry gates = new GateRegistry(new Namespace("lockweave"));
        ResolvedOptions options = new ResolvedOptions(LockMode.EXCLUSIVE, 1, false, false, 0, 0, true, 0, false);
        Gate gate = gates.create(KEY, options);
        gates.register(gate);
        Waiter waiter = queued(gate, LockMode.EXCLUSIVE, true);

        gate.leave(ALL);
        assertThat(gates.find(KEY)).isSameAs(gate);
        assertThat(waiter.status()).isEqualTo(Waiter.INSIDE);
        gate.leave(ALL);

        assertThat(gates.find(KEY)).isNull();
        assertThat(gate.isDead()).isTrue();
        assertThat(gate.tryEnter(1, false)).isEqualTo(Room.Entry.DEAD);
        assertThat(gate.enqueue(waiter(LockMode.EXCLUSIVE, true))).isFalse();
        assertThat(gate.waiters()).isEmpty();
    }

    @Test
    void theDeathOfAGateLeavesItsSuccessorAlone() {
        GateRegistry gates = new GateRegistry(new Namespace("lockweave"));
        ResolvedOptions options = new ResolvedOptions(LockMode.EXCLUSIVE, 1, false, false, 0, 0, true, 0, false);
        Gate dead = gates.create(KEY, options);
        gates.register(dead);
        dead.leave(ALL);
        Gate next = gates.create(KEY, options);
        assertThat(gates.register(next)).isNull();

        gates.remove(dead);

        assertThat(gates.find(KEY)).isSameAs(next);
    }

    /** Every step of long random ways keeps the invariants; the seed is in the name of what fails. */
    @ParameterizedTest
    @ValueSource(ints = {ALL, 3, 1})
    void theStateIsAlwaysWhatIsInsideAndInTheQueue(int limit) {
        for (int seed = 0; seed < 100; seed++) {
            new Walk(limit, seed).run(300);
        }
    }

    /** One gate beside a list of who should be inside and a list of who should be in the queue. */
    private static final class Walk {

        private final int limit;
        private final Random random;
        private final String name;
        private final GateRegistry gates = new GateRegistry(new Namespace("lockweave"));
        private final List<Integer> inside = new ArrayList<>();
        private final List<Waiter> queue = new ArrayList<>();
        private Gate gate;
        private long now;

        Walk(int limit, int seed) {
            this.limit = limit;
            this.random = new Random(seed);
            this.name = "limit " + limit + ", seed " + seed;
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                now += random.nextInt((int) Waiter.PATIENCE);
                String what = step(random.nextInt(5));
                check(name + ", step " + step + ": " + what);
            }
        }

        private String step(int choice) {
            ResolvedOptions options = options();
            if (gate == null) {
                gate = gates.create(KEY, options);
                assertThat(gates.register(gate)).isNull();
                inside.add(options.units());
                return "came first";
            }
            if (choice == 0 && !inside.isEmpty()) {
                gate.leave(inside.remove(random.nextInt(inside.size())));
                return "left";
            }
            if (choice == 1) {
                boolean entered = gate.tryEnter(options.units(), options.inTurn()) == Room.Entry.ENTERED;
                if (entered) {
                    inside.add(options.units());
                }
                return "tried to enter: " + entered;
            }
            if (choice == 2 && !queue.isEmpty()) {
                Waiter waiter = queue.remove(random.nextInt(queue.size()));
                assertThat(gate.cancel(waiter)).isTrue();
                return "gave up";
            }
            if (choice == 3 && !queue.isEmpty()) {
                gate.enterFromQueue(queue.get(random.nextInt(queue.size())), now);
                return "looked";
            }
            Waiter waiter = new Waiter(Owner.scope("waiter"), options, options.units(), now, 0, () -> {});
            if (gate.enqueue(waiter)) {
                queue.add(waiter);
                gate.enterFromQueue(waiter, now);
            }
            return "queued";
        }

        private ResolvedOptions options() {
            LockMode mode =
                    limit != ALL ? LockMode.PERMIT : random.nextInt(3) == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE;
            boolean inTurn = random.nextInt(4) == 0;
            return new ResolvedOptions(mode, limit == ALL ? 1 : limit, false, inTurn, 0, 0, true, 0, false);
        }

        private void check(String when) {
            for (Waiter waiter : List.copyOf(queue)) {
                if (waiter.status() == Waiter.INSIDE) {
                    queue.remove(waiter);
                    inside.add(waiter.units);
                }
            }
            int units = inside.stream().mapToInt(Integer::intValue).sum();
            assertThat(units).as(when).isLessThanOrEqualTo(limit);
            assertThat(gate.inside()).as(when).isEqualTo(units);
            assertThat(gate.waiters()).as(when).isEqualTo(queue);
            assertThat(gate.hasQueue()).as(when).isEqualTo(!queue.isEmpty());
            boolean overdue = !queue.isEmpty() && queue.get(0).overdue;
            assertThat(gate.isDirect())
                    .as(when)
                    .isEqualTo(overdue || queue.stream().anyMatch(w -> w.inTurn));
            boolean unused = inside.isEmpty() && queue.isEmpty();
            assertThat(gate.isDead()).as(when).isEqualTo(unused);
            assertThat(gates.find(KEY)).as(when).isSameAs(unused ? null : gate);
            if (!queue.isEmpty() && units + queue.get(0).units <= limit) {
                assertThat(queue.get(0).status())
                        .as(when + ": nobody wakes the head")
                        .isEqualTo(Waiter.SIGNALLED);
            }
            if (unused) {
                gate = null;
            }
        }
    }
}
