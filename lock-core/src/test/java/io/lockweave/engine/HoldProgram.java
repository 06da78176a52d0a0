package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.schedules.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Three threads that enter a hold again, close its handles and lose it, at random. In the end it must be open, released
 * or lost as its handles say, and must have left its gate once if it is not open.
 */
public final class HoldProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final LockKey OTHER = LockKey.of("thing", 2);
    private static final int THREADS = 3;
    private static final int MOVES = 3;

    private final LockEngine engine = ExploredEngines.engine(0);
    private final EngineParts parts = engine.parts();
    private final Owner owner = Owner.scope("owner");
    private final ResolvedOptions options = ExploredEngines.options(LockMode.EXCLUSIVE);
    private final Hold hold = begin(KEY);
    private final List<Actor> actors = new ArrayList<>();
    private boolean firstClosed;

    public HoldProgram(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < THREADS; i++) {
            actors.add(new Actor(random.nextLong()));
        }
    }

    private Hold begin(LockKey key) {
        Gate gate = parts.gates().create(key, options);
        parts.gates().register(gate);
        Hold begun = new Hold(parts.home(), gate, owner, options, parts.now());
        begun.begin(gate.fence(options.units()), null, false);
        return begun;
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        actors.forEach(actor -> threads.add(actor::run));
        return threads;
    }

    @Override
    public void check() {
        int open = actors.stream().mapToInt(actor -> actor.handles.size()).sum() + (firstClosed ? 0 : 1);
        boolean shouldBeOpen = !hold.isLost() && open > 0;
        boolean isInside = parts.gates().find(KEY) == hold.gate() && hold.gate().heldBy(owner) == hold;
        if (hold.isOpen() != shouldBeOpen || isInside != shouldBeOpen || owner.holdsAny() != shouldBeOpen) {
            throw new AssertionError(hold + " with " + open + " open handles, "
                    + (isInside ? "inside, " : "not inside, ") + (owner.holdsAny() ? "counted" : "not counted"));
        }
        hold.lose("the end");
        begin(OTHER);
        if (!owner.holdsAny()) {
            throw new AssertionError("the owner holds less than nothing before it takes another lock");
        }
        engine.close();
    }

    private final class Actor {

        private final Random random;
        private final List<HeldLock> handles = new ArrayList<>();

        Actor(long seed) {
            this.random = new Random(seed);
        }

        void run() {
            for (int i = 0; i < MOVES; i++) {
                move(random.nextInt(5));
            }
        }

        private void move(int choice) {
            if (choice == 0) {
                firstClosed = true;
                hold.close();
            } else if (choice == 1) {
                hold.lose("as the program wants it");
            } else if (choice == 2 && !handles.isEmpty()) {
                HeldLock handle = handles.remove(handles.size() - 1);
                handle.close();
                handle.close();
            } else {
                HeldLock again = Reentry.of(hold, options);
                if (again != null) {
                    handles.add(again);
                }
            }
        }
    }
}
