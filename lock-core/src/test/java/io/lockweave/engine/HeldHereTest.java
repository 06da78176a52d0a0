package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Code that must only run under a lock finds out whether it does. */
class HeldHereTest {

    private static final LockKey ANN = LockKey.of("user", "ann");
    private static final LockKey BOB = LockKey.of("user", "bob");

    private final Locks locks = Locks.builder(new LocalBackend()).build();
    private final Locks others = Locks.builder(new LocalBackend()).build();

    @AfterEach
    void close() {
        locks.close();
        others.close();
    }

    @Test
    void whatIsNotHeldIsRefused() {
        assertThatThrownBy(() -> HeldLock.require("user"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("must only run under a lock \"user\"")
                .hasMessageContaining("does not hold it");
        try (HeldLock held = locks.acquire(ANN)) {
            assertThatThrownBy(() -> HeldLock.require(BOB)).hasMessageContaining("must only run under lock user[bob]");
            assertThatThrownBy(() -> HeldLock.require("order")).isInstanceOf(LockUsageException.class);
        }
        assertThatThrownBy(() -> HeldLock.require(ANN)).isInstanceOf(LockUsageException.class);
    }

    @Test
    void whatIsHeldInAnyWayIsFound() {
        try (HeldLock held = locks.acquire(ANN)) {
            assertThat(HeldLock.require("user").key()).isEqualTo(ANN);
            assertThat(HeldLock.require(ANN).fence()).isEqualTo(held.fence());
            others.run(LockKey.of("order", 1), LockOptions.defaults(), () -> {
                assertThat(HeldLock.require("user").key()).as("the outer one").isEqualTo(ANN);
                assertThat(HeldLock.require("order")).isNotNull();
            });
        }
        locks.run(BOB, LockOptions.defaults(), () -> assertThat(HeldLock.require(BOB))
                .isNotNull());
    }

    @Test
    void anotherThreadHoldsNothing() throws Exception {
        try (HeldLock held = locks.acquire(ANN)) {
            boolean refused = CompletableFuture.supplyAsync(() -> {
                        try {
                            HeldLock.require(ANN);
                            return false;
                        } catch (LockUsageException e) {
                            return true;
                        }
                    })
                    .get();
            assertThat(refused).isTrue();
        }
    }

    @Test
    void aScopeHoldsOnEveryThread() throws Exception {
        LockScope flow = LockScope.named("flow");
        HeldLock held = flow.call(() -> locks.acquire(ANN));
        assertThatThrownBy(() -> HeldLock.require(ANN)).isInstanceOf(LockUsageException.class);
        CompletableFuture.runAsync(flow.wrap(() -> HeldLock.require(ANN))).get();
        held.close();
    }

    @Test
    void closedLocksAreForgotten() {
        HeldLock held = locks.acquire(ANN);
        held.close();
        locks.close();
        assertThatThrownBy(() -> HeldLock.require("user")).isInstanceOf(LockUsageException.class);
    }
}
