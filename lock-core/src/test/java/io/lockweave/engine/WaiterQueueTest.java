package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaiterQueueTest {

    private final WaiterQueue queue = new WaiterQueue();

    private static Waiter waiter(boolean inTurn) {
        ResolvedOptions options = new ResolvedOptions(LockMode.EXCLUSIVE, 1, false, inTurn, 0, 0, true, 0, false);
        return new Waiter(Owner.scope("waiter"), options, Room.ALL, 0, 0, () -> {});
    }

    @Test
    void keepsTheOrderHoweverWaitersComeAndGo() {
        Random random = new Random(7);
        List<Waiter> expected = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            if (expected.isEmpty() || random.nextInt(5) < 3) {
                Waiter added = waiter(random.nextInt(10) == 0);
                queue.add(added);
                expected.add(added);
            } else {
                Waiter gone = expected.remove(random.nextInt(expected.size()));
                queue.remove(gone);
                assertThat(gone.linked).isFalse();
            }
            assertThat(queue.head()).isSameAs(expected.isEmpty() ? null : expected.get(0));
            assertThat(queue.wantsDirect()).isEqualTo(expected.stream().anyMatch(waiter -> waiter.inTurn));
        }
        assertThat(queue.all()).isEqualTo(expected);
        Waiter some = expected.get(expected.size() / 2);
        assertThat(queue.of(some.owner)).isSameAs(some);
        assertThat(queue.of(Owner.scope("somebody else"))).isNull();
        assertThat(queue.before(some, waiter -> true)).isEqualTo(expected.subList(0, expected.size() / 2));
    }

    @Test
    void onlyAnOverdueHeadWantsToBeServedDirectly() {
        Waiter first = waiter(false);
        Waiter second = waiter(false);
        queue.add(first);
        queue.add(second);
        second.isAtHead(0);
        second.isAtHead(2 * Waiter.PATIENCE);
        assertThat(queue.wantsDirect()).isFalse();

        queue.remove(first);

        assertThat(queue.wantsDirect()).isTrue();
    }
}
