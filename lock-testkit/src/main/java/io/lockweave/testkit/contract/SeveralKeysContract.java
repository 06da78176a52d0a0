package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.HoldContract.assertBusyForOthers;
import static io.lockweave.testkit.contract.HoldContract.assertFreeForOthers;
import static io.lockweave.testkit.contract.HoldContract.holdElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Rule 7: several keys in one step. */
interface SeveralKeysContract extends Contract {

    private List<LockKey> threeKeys() {
        return List.of(fixture().key("m1"), fixture().key("m2"), fixture().key("m3"));
    }

    @Test
    default void rule07_severalKeysAreTakenSortedAndWithoutDuplicates() {
        Locks locks = fixture().locks();
        List<LockKey> keys = threeKeys();
        HeldLock held = locks.acquireAll(List.of(keys.get(2), keys.get(0), keys.get(2), keys.get(1), keys.get(0)));
        assertThat(held.parts()).extracting(HeldLock::key).containsExactlyElementsOf(keys);
        keys.forEach(key -> assertBusyForOthers(locks, key));
        held.close();
        keys.forEach(key -> assertFreeForOthers(locks, key));
    }

    @Test
    default void rule07_ifOneCannotBeHadNoneIsKept() {
        Locks locks = fixture().locks();
        List<LockKey> keys = threeKeys();
        try (HeldLock held = holdElsewhere(locks, keys.get(1))) {
            assertThatThrownBy(
                            () -> locks.acquireAll(keys, LockOptions.defaults().waitTime(Duration.ofMillis(100))))
                    .isInstanceOf(LockUnavailableException.class);
            assertFreeForOthers(locks, keys.get(0));
            assertFreeForOthers(locks, keys.get(2));
            assertThat(held.isHeld()).isTrue();
        }
        locks.acquireAll(keys).close();
    }

    @Test
    default void rule07_theWaitBudgetIsOneForAllKeys() {
        Locks locks = fixture().locks();
        List<LockKey> keys = threeKeys();
        Duration wait = Duration.ofSeconds(2);
        HeldLock first = holdElsewhere(locks, keys.get(0));
        HeldLock last = holdElsewhere(locks, keys.get(2));
        long start = System.nanoTime();
        FutureTask<HeldLock> waiter = Together.start(
                "waiter", () -> locks.acquireAll(keys, LockOptions.defaults().waitTime(wait)));
        Fixture.rest(Duration.ofMillis(1_300));
        first.close();
        assertThatThrownBy(() -> Together.result(waiter)).isInstanceOf(LockUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(wait, wait.plusMillis(1_200));
        assertFreeForOthers(locks, keys.get(0));
        last.close();
    }

    @Test
    default void rule07_keysInAnyOrderNeverDeadlock() {
        Locks locks = fixture().locks();
        List<LockKey> keys = threeKeys();
        int[] counter = new int[1];
        Together.run(4, i -> {
            List<LockKey> mine = new ArrayList<>(keys);
            Random random = new Random(i);
            for (int n = 0; n < 25; n++) {
                Collections.shuffle(mine, random);
                try (HeldLock all = locks.acquireAll(mine.subList(0, 2 + random.nextInt(2)));
                        HeldLock again = locks.acquireAll(mine.subList(0, 1))) {
                    assertThat(all.isHeld() && again.isHeld()).isTrue();
                }
                try (HeldLock all = locks.acquireAll(mine)) {
                    assertThat(all.parts()).hasSize(3);
                    counter[0]++;
                }
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(100);
    }

    @Test
    default void rule07_noKeyIsAUsageError() {
        Locks locks = fixture().locks();
        assertThatThrownBy(() -> locks.acquireAll(List.of())).isInstanceOf(LockUsageException.class);
    }
}
