package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CrowdTest {

    private final LockEngine engine = ExploredEngines.engine(0);
    private final EngineParts parts = engine.parts();
    private final ResolvedOptions shared = ExploredEngines.options(LockMode.SHARED);
    private final Gate gate = new GateRegistry(new Namespace("lockweave")).create(LockKey.of("thing", 1), shared);
    private final Owner ann = Owner.scope("ann");
    private final Owner bob = Owner.scope("bob");

    @AfterEach
    void close() {
        engine.close();
    }

    private Hold hold(Owner owner) {
        Hold hold = new Hold(parts.home(), gate, owner, shared, 0);
        gate.admit(hold);
        return hold;
    }

    @Test
    void eachOwnerFindsItsHold() {
        Hold anns = hold(ann);
        Hold bobs = hold(bob);

        assertThat(gate.heldBy(ann)).isSameAs(anns);
        assertThat(gate.heldBy(bob)).isSameAs(bobs);
        assertThat(gate.holds()).containsExactlyInAnyOrder(anns, bobs);
        gate.dismiss(anns);
        assertThat(gate.heldBy(ann)).isNull();
        assertThat(gate.holds()).containsExactly(bobs);
        gate.dismiss(bobs);
        assertThat(gate.holds()).isEmpty();
        assertThat(gate.anyHolder(0)).isNull();
    }

    @Test
    void anOwnerWithSeveralFindsTheOpenOne() {
        Hold lost = hold(ann);
        lost.foundLost("as the test wants it");
        assertThat(gate.heldBy(ann)).isSameAs(lost);
        Hold open = hold(ann);

        assertThat(gate.heldBy(ann)).isSameAs(open);
        gate.dismiss(open);
        assertThat(gate.heldBy(ann)).isSameAs(lost);
    }

    @Test
    void whoCameTwiceIsFoundUntilBothAreGone() {
        Hold first = hold(ann);
        Hold second = hold(ann);

        gate.dismiss(second);
        assertThat(gate.heldBy(ann)).isSameAs(first);
        gate.dismiss(first);
        assertThat(gate.heldBy(ann)).isNull();
    }

    @Test
    void thousandsComeAndGoInAnyOrder() {
        List<Hold> holds = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            holds.add(hold(Owner.scope("owner " + i)));
        }
        assertThat(gate.holds()).hasSize(20_000);
        Collections.shuffle(holds, new Random(7));
        for (Hold hold : holds) {
            assertThat(gate.heldBy(hold.owner())).isSameAs(hold);
            gate.dismiss(hold);
            assertThat(gate.heldBy(hold.owner())).isNull();
        }
        assertThat(gate.holds()).isEmpty();
    }
}
