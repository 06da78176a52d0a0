package io.lockweave.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.local.LocalBackend;
import io.lockweave.spring.backend.BoundedNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of the last hour. */
class RecentEventsTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RecentEvents recent =
            new RecentEvents(() -> now, "shop", BoundedNames.of(LockweaveConfig.of(new Properties())));
    private final Locks locks =
            Locks.builder(new LocalBackend()).namespace("shop").listener(recent).build();

    @AfterEach
    void close() {
        locks.close();
    }

    private void askInVain(String name, Duration waitTime) {
        LockKey key = LockKey.of(name, 1);
        LockOptions options = LockOptions.defaults().waitTime(waitTime);
        try (HeldLock held = locks.acquire(key)) {
            assertThat(CompletableFuture.supplyAsync(() -> locks.tryAcquire(key, options)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(Optional.empty());
        }
    }

    private void waitInVain(String name) {
        askInVain(name, Duration.ofMillis(100));
    }

    private void lose(int key) {
        HeldLock held = locks.acquire(LockKey.of("order", key));
        locks.forceRelease(LockKey.of("order", key));
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> recent.lost().stream().anyMatch(one -> one.key().equals("shop/order[" + key + "]")));
        held.close();
    }

    @Test
    void waitsAreCountedByNameForAnHour() {
        waitInVain("order");
        now = now.plus(Duration.ofMinutes(30));
        waitInVain("order");
        waitInVain("user");
        assertThat(recent.contended())
                .containsExactly(new LocksReport.Contended("order", 2, 2), new LocksReport.Contended("user", 1, 1));
        now = now.plus(Duration.ofMinutes(31));
        assertThat(recent.contended())
                .containsExactly(new LocksReport.Contended("order", 1, 1), new LocksReport.Contended("user", 1, 1));
        now = now.plus(Duration.ofDays(1));
        assertThat(recent.contended()).isEmpty();
    }

    @Test
    void namesBeyondTheBoundAreOne() {
        for (int i = 0; i < 210; i++) {
            askInVain("name" + i, Duration.ZERO);
        }
        assertThat(recent.contended()).hasSize(10).startsWith(new LocksReport.Contended("other", 0, 10));
    }

    @Test
    void lossesAreListedTheNewestFirstWithTheirFullKeyForAnHour() {
        lose(1);
        now = now.plus(Duration.ofMinutes(59));
        lose(2);
        assertThat(recent.lost()).extracting(LocksReport.Lost::key).containsExactly("shop/order[2]", "shop/order[1]");
        assertThat(recent.lost()).extracting(LocksReport.Lost::why).allMatch(why -> why.contains("by force"));
        now = now.plus(Duration.ofMinutes(2));
        assertThat(recent.lost()).extracting(LocksReport.Lost::key).containsExactly("shop/order[2]");
    }

    @Test
    void noMoreLossesAreRememberedThanTheBound() {
        for (int i = 0; i < RecentEvents.MOST_LOST + 5; i++) {
            lose(i);
        }
        assertThat(recent.lost()).hasSize(RecentEvents.MOST_LOST);
    }
}
