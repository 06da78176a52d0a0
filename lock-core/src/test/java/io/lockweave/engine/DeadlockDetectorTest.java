package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The search for deadlocks on gates of its own, without threads that wait. */
class DeadlockDetectorTest {

    private final LockEngine engine = ExploredEngines.engine(0);
    private final EngineParts parts = engine.parts();

    @AfterEach
    void close() {
        engine.close();
    }

    private static LockKey key(String name) {
        return LockKey.of(name);
    }

    private static ResolvedOptions permits(int permits) {
        return new ResolvedOptions(LockMode.PERMIT, permits, false, false, 0, 0, true, 0, false);
    }

    private Hold hold(Owner owner, String name, ResolvedOptions options) {
        Gate gate = parts.gates().find(key(name));
        if (gate == null) {
            gate = parts.gates().create(key(name), options);
            parts.gates().register(gate);
        } else {
            assertThat(gate.tryEnter(options.units(), false)).isEqualTo(Room.Entry.ENTERED);
        }
        Hold hold = new Hold(parts.home(), gate, owner, options, parts.now());
        hold.begin(gate.fence(options.units()), null, false);
        return hold;
    }

    private Hold hold(Owner owner, String name) {
        return hold(owner, name, ExploredEngines.options(LockMode.EXCLUSIVE));
    }

    /** Lines up and says so, as whoever is about to block does. */
    private void await(Owner owner, String name, ResolvedOptions options) {
        Gate gate = parts.gates().find(key(name));
        Waiter waiter = new Waiter(owner, options, options.units(), 0, 0, () -> {});
        assertThat(gate.enqueue(waiter)).isTrue();
        assertThat(gate.enterFromQueue(waiter, 0)).isFalse();
        try {
            parts.deadlocks().check(owner, gate, waiter, false);
        } catch (LockDeadlockException e) {
            gate.cancel(waiter);
            throw e;
        }
    }

    private void await(Owner owner, String name) {
        await(owner, name, ExploredEngines.options(LockMode.EXCLUSIVE));
    }

    @Test
    void theLastOwnerOfACycleIsRefusedAndItsMessageNamesAllOfIt() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "a");
        hold(bob, "b");
        hold(cat, "c");
        await(ann, "b");
        await(bob, "c");

        assertThatThrownBy(() -> await(cat, "a"))
                .isInstanceOfSatisfying(LockDeadlockException.class, e -> assertThat(e.cycle())
                        .containsExactly(
                                "scope cat wants test/a",
                                "scope ann has or stands before others at test/a and wants test/b",
                                "scope bob has or stands before others at test/b and wants test/c",
                                "scope cat has test/c"));
        assertThat(cat.waitingAt).isNull();
    }

    @Test
    void aChainWithoutACycleMayWait() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "a");
        hold(bob, "b");
        hold(cat, "c");
        await(bob, "a");

        assertThatCode(() -> await(cat, "b")).doesNotThrowAnyException();
    }

    @Test
    void aCycleOfFiveThousandOwnersIsFound() {
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            owners.add(Owner.scope("owner " + i));
            hold(owners.get(i), "key " + i);
        }
        for (int i = 0; i < 4_999; i++) {
            await(owners.get(i), "key " + (i + 1));
        }

        assertThatThrownBy(() -> await(owners.get(4_999), "key 0"))
                .isInstanceOfSatisfying(
                        LockDeadlockException.class, e -> assertThat(e.cycle()).hasSize(5_001));
    }

    @Test
    void anExclusiveClaimWaitsForEverySharedHolder() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "shared", ExploredEngines.options(LockMode.SHARED));
        hold(bob, "shared", ExploredEngines.options(LockMode.SHARED));
        hold(cat, "c");
        await(bob, "c");

        assertThatThrownBy(() -> await(cat, "shared")).isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void aPermitIsWaitedForInVainOnlyIfAllOfItsHoldersAre() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "permits", permits(2));
        hold(bob, "permits", permits(2));
        hold(cat, "c");
        await(ann, "c");
        assertThatCode(() -> await(cat, "permits", permits(2))).doesNotThrowAnyException();
    }

    @Test
    void permitsWhoseHoldersAllWaitForTheSameLockAreADeadlock() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "permits", permits(2));
        hold(bob, "permits", permits(2));
        hold(cat, "c");
        await(ann, "c");
        await(bob, "c");

        assertThatThrownBy(() -> await(cat, "permits", permits(2))).isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void permitsWhoseHoldersWaitForEachOtherAndForTheOneThatAsksAreADeadlock() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "permits", permits(2));
        hold(cat, "permits", permits(2));
        hold(ann, "a");
        hold(bob, "b");
        hold(cat, "c");
        await(bob, "permits", permits(2)); // ann or cat
        await(ann, "b"); // bob

        assertThatThrownBy(() -> await(cat, "a")).isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void whoStandsBeforeInTheQueueAndWaitsElsewhereIsInTheWay() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        Owner cat = Owner.scope("cat");
        hold(ann, "a");
        hold(bob, "b");
        hold(cat, "c");
        await(bob, "a");
        await(bob, "c"); // another branch of the same owner

        assertThatThrownBy(() -> await(cat, "a")).isInstanceOf(LockDeadlockException.class);
    }

    @Test
    void whoHoldsNothingClosesNoCycle() {
        Owner ann = Owner.scope("ann");
        Owner bob = Owner.scope("bob");
        hold(ann, "a");
        await(bob, "a");
        assertThat(bob.waitingAt).isSameAs(parts.gates().find(key("a")));
    }
}
