package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.local.LocalBackend;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thread whose stack ends after it has left a gate, while it wakes those who wait there. */
@Timeout(60)
class EndHalfWayTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final LockEngine engine = Engines.on(new LocalBackend(), Threads::daemon);
    private final Queue<Runnable> whenWoken = new ArrayDeque<>();
    private final CountDownLatch wokenAgain = new CountDownLatch(1);

    @AfterEach
    void close() {
        engine.close();
    }

    private Waiter queued(Gate gate, boolean inTurn) {
        ResolvedOptions options = new ResolvedOptions(LockMode.EXCLUSIVE, 1, false, inTurn, 0, 0, true, 0, false);
        Waiter waiter = new Waiter(Owner.scope("waiter"), options, options.units(), 0, 0, this::wake);
        assertThat(gate.enqueue(waiter)).isTrue();
        assertThat(gate.enterFromQueue(waiter, 0)).isFalse();
        return waiter;
    }

    private void wake() {
        Runnable next = whenWoken.poll();
        if (next != null) {
            next.run();
        } else {
            wokenAgain.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rule01_whoFailsAfterLeavingTakesNobodyElseOut(boolean inTurn) throws Exception {
        HeldLock held = engine.acquire(KEY);
        Gate gate = engine.parts().gates().find(KEY);
        assertThat(gate).isNotNull();
        Waiter next = queued(gate, inTurn);
        Waiter last = queued(gate, inTurn);
        whenWoken.add(() -> {
            assertThat(gate.enterFromQueue(next, 1)).isTrue();
            throw new StackOverflowError("as the test wants it");
        });

        assertThatThrownBy(held::close).isInstanceOf(StackOverflowError.class);

        assertThat(wokenAgain.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.inside()).isEqualTo(Room.ALL);
        assertThat(gate.enterFromQueue(last, 2)).isFalse();
        gate.leave(Room.ALL);
        assertThat(gate.enterFromQueue(last, 3)).isTrue();
        gate.leave(Room.ALL);
        assertThat(engine.parts().gates().find(KEY)).isNull();
    }

    @Test
    void rule11_whoFailsWhileItWakesTheNextOneHasItWokenByAnother() throws Exception {
        HeldLock held = engine.acquire(KEY);
        Gate gate = engine.parts().gates().find(KEY);
        assertThat(gate).isNotNull();
        Waiter next = queued(gate, false);
        whenWoken.add(() -> {
            throw new OutOfMemoryError("as the test wants it");
        });

        assertThatThrownBy(held::close).isInstanceOf(OutOfMemoryError.class);

        assertThat(wokenAgain.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(gate.enterFromQueue(next, 1)).isTrue();
        gate.leave(Room.ALL);
        assertThat(engine.parts().gates().find(KEY)).isNull();
    }
}
