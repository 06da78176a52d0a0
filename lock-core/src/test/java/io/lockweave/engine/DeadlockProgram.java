package io.lockweave.engine;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.schedules.Program;
import java.util.ArrayList;
import java.util.List;

/** Owners that each hold one lock and at once want the next one's, in a ring: exactly one of them is refused. */
public final class DeadlockProgram implements Program {

    private final LockEngine engine = ExploredEngines.engine(0);
    private final EngineParts parts = engine.parts();
    private final List<Owner> owners = new ArrayList<>();
    private final List<Gate> gates = new ArrayList<>();
    private int refused;

    public DeadlockProgram(long seed) {
        for (int i = 0; i < 2 + seed % 2; i++) {
            Owner owner = Owner.scope("owner " + i);
            ResolvedOptions options = ExploredEngines.options(LockMode.EXCLUSIVE);
            Gate gate = parts.gates().create(LockKey.of("key", i), options);
            parts.gates().register(gate);
            new Hold(parts.home(), gate, owner, options, 0).begin(i + 1, null, false);
            owners.add(owner);
            gates.add(gate);
        }
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        for (int i = 0; i < owners.size(); i++) {
            Owner owner = owners.get(i);
            Gate next = gates.get((i + 1) % gates.size());
            threads.add(() -> await(owner, next));
        }
        return threads;
    }

    private void await(Owner owner, Gate gate) {
        Waiter waiter = new Waiter(owner, ExploredEngines.options(LockMode.EXCLUSIVE), Room.ALL, 0, 0, () -> {});
        gate.enqueue(waiter);
        gate.enterFromQueue(waiter, 0);
        try {
            parts.deadlocks().check(owner, gate, waiter, false);
        } catch (LockDeadlockException e) {
            refused++; // one thread at a time
        }
    }

    @Override
    public void check() {
        if (refused != 1) {
            throw new AssertionError(refused + " of " + owners.size() + " owners of a cycle were refused");
        }
    }
}
