package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.schedules.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A random small program on the gates of one key: some steps of four claims one after the other, then three of the
 * claims go on at once. It fails if more are inside than there is room for, if the state of a gate is not what is
 * inside and in the queue, or if nobody wakes a waiter that could enter. Its seed makes it: an explorer adds the
 * schedules.
 */
public final class GateProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final int CLAIMS = 4;
    private static final int AT_ONCE = 3;
    private static final int MOST_MOVES = 3;

    private final long seed;
    private final int limit;
    private final List<ResolvedOptions> resolver = new ArrayList<>();
    private final GateRegistry gates = new GateRegistry(new Namespace("lockweave"), 1);
    private final AtomicInteger inside = new AtomicInteger();
    private final List<Actor> actors = new ArrayList<>();

    public GateProgram(long seed) {
        Random random = new Random(seed);
        this.seed = seed;
        this.limit = random.nextInt(4) == 0 ? 2 : Room.ALL;
        for (int i = 0; i < CLAIMS; i++) {
            actors.add(new Actor(options(random), random.nextLong()));
        }
    }

    private ResolvedOptions options(Random random) {
        LockMode mode =
                limit != Room.ALL ? LockMode.PERMIT : random.nextInt(5) == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE;
        int permits = limit == Room.ALL ? 1 : limit;
        return new ResolvedOptions(mode, permits, false, random.nextInt(3) == 0, 0, 0, true, 0, false);
    }

    @Override
    public List<Runnable> threads() {
        actors.forEach(Actor::move);
        List<Runnable> threads = new ArrayList<>();
        for (Actor actor : actors.subList(0, AT_ONCE)) {
            threads.add(() -> {
                for (int i = 0; i < actor.moves; i++) {
                    actor.move();
                }
            });
        }
        return threads;
    }

    @Override
    public void check() {
        actors.forEach(Actor::settle);
        gates.all().forEach(this::check);
        for (Actor actor : actors) {
            actor.giveUp();
            actor.leave();
        }
        if (!gates.all().isEmpty()) {
            throw new AssertionError("nobody uses it any more: " + gates.all());
        }
    }

    /** Nobody runs: what a gate says must be what is inside and in the queue. */
    private void check(Gate gate) {
        List<Waiter> queue = gate.waiters();
        Waiter first = queue.isEmpty() ? null : queue.get(0);
        int units = actors.stream().mapToInt(actor -> actor.unitsIn(gate)).sum();
        boolean direct = first != null && (first.overdue || queue.stream().anyMatch(waiter -> waiter.inTurn));
        boolean forgotten = first != null
                && gate.inside() + first.units <= limit
                && actors.stream().noneMatch(a -> a.isWoken(first));
        if (gate.inside() != units || gate.isDirect() != direct || gate.hasQueue() != (first != null) || forgotten) {
            throw new AssertionError(gate + ", but " + units + " units inside and " + queue.size() + " waiters, "
                    + (direct ? "to be served directly, " : "")
                    + (forgotten ? "of whom nobody wakes the first" : "as it should be"));
        }
    }

    private void entered(int units) {
        int now = inside.addAndGet(units);
        if (now > limit) {
            throw new AssertionError(now + " units are inside of a gate with room for " + limit);
        }
    }

    /** One claim on its way in and out. */
    private final class Actor {

        private final ResolvedOptions options;
        private final Random random;
        private final int moves;
        private final Owner owner = Owner.scope("claim");
        private Gate gate;
        private Waiter waiter;
        private boolean in;
        private boolean woken;

        Actor(ResolvedOptions options, long seed) {
            this.options = options;
            this.random = new Random(seed);
            this.moves = 1 + random.nextInt(MOST_MOVES);
        }

        /** Does something that makes sense where it stands. */
        void move() {
            boolean either = random.nextBoolean();
            if (in) {
                leave();
            } else if (waiter == null) {
                enter(either);
            } else if (either) {
                lookAt(2 * Waiter.PATIENCE);
            } else {
                giveUp();
            }
        }

        private void enter(boolean mayQueue) {
            while (waiter == null && !in) {
                Gate found = gates.find(KEY);
                if (found == null) {
                    Gate made = gates.create(KEY, options);
                    found = gates.register(made);
                    if (found == null) {
                        goIn(made);
                        return;
                    }
                }
                switch (found.tryEnter(options.units(), options.inTurn())) {
                    case ENTERED -> goIn(found);
                    case DEAD -> gates.remove(found);
                    case FULL -> {
                        if (!mayQueue || queue(found)) {
                            return;
                        }
                    }
                }
            }
        }

        private boolean queue(Gate found) {
            Waiter mine = new Waiter(owner, options, options.units(), 0, 0, () -> woken = true);
            if (!found.enqueue(mine)) {
                gates.remove(found);
                return false;
            }
            gate = found;
            waiter = mine;
            lookAt(0);
            return true;
        }

        private void lookAt(long now) {
            woken = false;
            if (gate.enterFromQueue(waiter, now)) {
                waiter = null;
                goIn(gate);
            }
        }

        void giveUp() {
            if (waiter != null) {
                boolean letIn = !gate.cancel(waiter);
                waiter = null;
                if (letIn) {
                    goIn(gate);
                }
            }
        }

        private void goIn(Gate entered) {
            gate = entered;
            in = true;
            entered(options.units());
        }

        void leave() {
            if (in) {
                in = false;
                inside.addAndGet(-options.units());
                gate.leave(options.units());
            }
        }

        /** Notices that somebody has let it in. */
        void settle() {
            if (waiter != null && waiter.status() == Waiter.INSIDE) {
                waiter = null;
                goIn(gate);
            }
        }

        boolean isWoken(Waiter as) {
            return waiter == as && woken;
        }

        int unitsIn(Gate of) {
            return in && gate == of ? options.units() : 0;
        }
    }
}
