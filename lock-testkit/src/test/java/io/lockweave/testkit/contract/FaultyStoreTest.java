package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.spi.Attempt.Granted;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.TimeSource;
import io.lockweave.testkit.Together;
import io.lockweave.testkit.fault.FaultyStore;
import io.lockweave.testkit.fault.FaultyStore.Call;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultyStoreTest {

    private final MemoryStore store = new MemoryStore(new MemoryServer(TimeSource.system()));
    private final FaultyStore faulty = new FaultyStore(store);
    private final Claim claim = exclusive(LockKey.of("faulty"));

    private Grant take(Claim wanted) {
        return ((Granted) faulty.tryAcquire(wanted)).grant();
    }

    @Test
    void passesEverythingOnAndCounts() {
        Grant grant = take(claim);
        assertThat(faulty.find(claim.key())).isPresent();
        assertThat(faulty.list(10)).hasSize(1);
        assertThat(faulty.renew(List.of(grant), Fixture.LONG)).hasSize(1);
        assertThat(faulty.release(grant)).isTrue();
        assertThat(faulty.calls(Call.LOOK)).isEqualTo(2);
        assertThat(faulty.calls()).isEqualTo(5);
        assertThat(faulty.name()).isEqualTo("memory");
        assertThat(faulty.capabilities()).isEqualTo(store.capabilities());
    }

    @Test
    void failsSoManyCallsBeforeTheStoreSeesThem() {
        faulty.failing(Call.TRY_ACQUIRE, 2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> faulty.tryAcquire(claim))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isTrue());
            assertThat(store.find(claim.key())).isEmpty();
        }
        take(claim);
    }

    @Test
    void losesTheRepliesOfCallsThatWereDone() {
        faulty.losingReplies(Call.TRY_ACQUIRE, 1);
        assertThatThrownBy(() -> faulty.tryAcquire(claim)).isInstanceOf(LockBackendException.class);
        assertThat(store.find(claim.key())).isPresent();
        take(claim);
    }

    @Test
    void hangsUntilHealed() {
        Grant grant = take(claim);
        faulty.hanging(Call.RELEASE);
        FutureTask<Boolean> release = Together.start("releaser", () -> faulty.release(grant));
        while (faulty.calls(Call.RELEASE) == 0) {
            Thread.onSpinWait();
        }
        assertThat(release).isNotDone();
        faulty.heal();
        assertThatThrownBy(() -> Together.result(release)).isInstanceOf(LockBackendException.class);
        assertThat(faulty.release(grant)).isTrue();
    }

    @Test
    void hitsOnlyOneKeyIfAskedTo() {
        Claim other = exclusive(LockKey.of("other"));
        faulty.only(claim.key()).lasting().down();
        take(other);
        assertThatThrownBy(() -> faulty.tryAcquire(claim))
                .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                        .isFalse());
        faulty.heal();
        take(claim);
    }
}
