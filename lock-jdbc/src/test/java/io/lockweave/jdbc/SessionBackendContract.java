package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockPlace;
import io.lockweave.Locks;
import io.lockweave.jdbc.session.SessionStore;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreBackendContract;
import io.lockweave.testkit.contract.StoreHook;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract on session locks; a database is one small class. */
abstract class SessionBackendContract extends StoreBackendContract
        implements StoreHook.RunsElsewhere, StoreHook.CutsItsConnections {

    abstract TestDatabase database();

    /** The statement that kills a session. */
    abstract String kill(long session);

    @Override
    protected LockBackend newBackend() {
        return JdbcBackend.session(database().pool()).build();
    }

    @Override
    public void disconnect(LockStore store) {
        ((SessionStore) store).sessionId().ifPresent(id -> database().execute(kill(id)));
    }

    /** The database knows only the session: who it is that holds in there is known in its own JVM alone. */
    @Override
    @Test
    public void findTellsWhoHoldsAKey() {
        LockKey key = LockKey.of(getClass().getName(), System.nanoTime());
        try (LockStore holder = (LockStore) newBackend();
                LockStore other = (LockStore) newBackend()) {
            Claim claim = claim(key);
            Grant grant = ((Attempt.Granted) holder.tryAcquire(claim)).grant();

            LockHolder seenHere = holder.find(key).orElseThrow().holders().get(0);
            assertThat(seenHere.owner()).isEqualTo(claim.owner());
            assertThat(seenHere.place()).isEqualTo(claim.place());
            assertThat(seenHere.fence()).isEqualTo(grant.fence());
            LockHolder seenThere = other.find(key).orElseThrow().holders().get(0);
            assertThat(seenThere.place().process())
                    .isEqualTo(((SessionStore) holder).sessionId().orElseThrow());

            assertThat(holder.release(grant)).isTrue();
            assertThat(holder.find(key)).isEmpty();
            assertThat(other.find(key)).isEmpty();
        }
    }

    /** As {@link #findTellsWhoHoldsAKey}. */
    @Override
    @Test
    public void inspectSeesTheHolderInAnotherJvm() {
        LockKey key = LockKey.of(getClass().getName(), System.nanoTime());
        try (Locks here = Locks.builder(newBackend()).build();
                Locks there = Locks.builder(newBackend()).build()) {
            assertThat(here.isLocked(key)).isFalse();
            try (HeldLock held = there.acquire(key)) {
                assertThat(here.isLocked(key)).isTrue();
                assertThat(here.inspect(key).holders()).hasSize(1);
                assertThat(there.inspect(key).holders().get(0).fence()).isEqualTo(held.fence());
            }
        }
    }

    /** As {@link #findTellsWhoHoldsAKey}. */
    @Override
    @Test
    public void rule01_aHolderInAnotherProcessExcludesThisOne() {
        LockKey key = LockKey.of(getClass().getName(), System.nanoTime()).in("contract");
        try (Locks here = Locks.builder(newBackend()).build();
                ForkedHolder other = ForkedHolder.start(recipe(), key, Duration.ofMinutes(1))) {
            long fence = other.awaitHeld();
            assertThat(here.tryAcquire(key)).isEmpty();
            assertThat(here.isLocked(key)).isTrue();
            other.release();
            try (HeldLock entered = here.acquire(key)) {
                assertThat(entered.fence()).isGreaterThan(fence);
            }
        }
    }

    @Test
    void aKilledProcessFreesItsLockAtOnce() {
        LockKey key = LockKey.of(getClass().getName(), System.nanoTime()).in("contract");
        try (Locks here = Locks.builder(newBackend()).build();
                ForkedHolder other = ForkedHolder.start(recipe(), key, Duration.ofMinutes(1))) {
            long fence = other.awaitHeld();
            assertThat(here.tryAcquire(key)).isEmpty();
            other.kill();
            try (HeldLock entered = here.acquire(key, LockOptions.defaults().waitTime(Duration.ofSeconds(10)))) {
                assertThat(entered.fence()).isGreaterThan(fence);
            }
        }
    }

    /** Of three JVMs one holds the key and one waits; the third comes when the first leaves. */
    @Test
    void whoWaitedIsServedBeforeWhoComesLater() {
        LockKey key = Claims.newKey();
        Claim waiter = Claims.waiting(key);
        Claim late = Claims.waiting(key);
        try (LockStore first = (LockStore) newBackend();
                LockStore second = (LockStore) newBackend();
                LockStore third = (LockStore) newBackend()) {
            Grant held = Claims.granted(first, claim(key));
            askFor(Duration.ofMillis(50), second, waiter);
            assertThat(first.release(held)).isTrue();

            assertThat(third.tryAcquire(late)).isInstanceOf(Attempt.Busy.class);
            Grant next = Claims.granted(second, waiter);
            assertThat(second.release(next)).isTrue();
            assertThat(third.tryAcquire(late)).isInstanceOf(Attempt.Granted.class);
        }
    }

    @Test
    void whoDoesNotWaitTakesAFreeKeyPastThoseWhoDo() {
        LockKey key = Claims.newKey();
        try (LockStore first = (LockStore) newBackend();
                LockStore second = (LockStore) newBackend()) {
            Grant held = Claims.granted(first, claim(key));
            askFor(Duration.ofMillis(50), second, Claims.waiting(key));
            assertThat(first.release(held)).isTrue();

            assertThat(first.tryAcquire(claim(key))).isInstanceOf(Attempt.Granted.class);
        }
    }

    /** A JVM that stands still keeps its place, and must not keep the key. */
    @Test
    void aWaiterThatStandsStillIsPassed() {
        LockKey key = Claims.newKey();
        Claim late = Claims.waiting(key);
        try (LockStore first = (LockStore) newBackend();
                LockStore second = (LockStore) newBackend()) {
            Grant held = Claims.granted(first, claim(key));
            askFor(Duration.ofMillis(50), second, Claims.waiting(key));
            assertThat(first.release(held)).isTrue();

            assertThat(first.tryAcquire(late)).isInstanceOf(Attempt.Busy.class);
            await().atMost(Duration.ofSeconds(2)).until(() -> first.tryAcquire(late) instanceof Attempt.Granted);
        }
    }

    private static void askFor(Duration time, LockStore store, Claim claim) {
        long start = System.nanoTime();
        do {
            assertThat(store.tryAcquire(claim)).isInstanceOf(Attempt.Busy.class);
        } while (System.nanoTime() - start < time.toNanos());
    }

    private static Claim claim(LockKey key) {
        return claim(key, LockMode.EXCLUSIVE);
    }

    static Claim claim(LockKey key, LockMode mode) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        LockPlace place = new LockPlace("testhost", 1, "tester");
        return new Claim(key, mode, 1, false, owner, Duration.ofMinutes(1), 1, false, place);
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Maker.class, database().url());
    }

    /** Makes a backend on the database with this URL in another JVM. */
    public static final class Maker implements ForkedHolder.BackendMaker {

        @Override
        public LockBackend make(List<String> arguments) {
            return JdbcBackend.session(TestDatabase.newPool(arguments.get(0), 2))
                    .build();
        }
    }
}
