package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spring.integration.LockweaveLockRegistry;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.integration.support.locks.ExpirableLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;

/**
 * The contract for our registry, and where ours differs from Spring Integration's on purpose:
 *
 * <ul>
 *   <li>it is neither renewed nor cleaned up by its user: locks are renewed while they are held, and nothing is kept
 *   <li>{@code obtain} gives a view each time, so two of them are not the same object
 *   <li>{@code unlock} of a lock that was lost fails with {@link LockLostException}, where Spring Integration has a
 *       {@code ConcurrentModificationException}
 *   <li>a key counts by its text, so {@code 42} and {@code "42"} are one; a key without a text is refused with the
 *       remedy
 *   <li>two keys are never one lock, where {@code DefaultLockRegistry} shares 256 among all keys
 * </ul>
 */
abstract class RegistryDifferences extends RegistryContract {

    /** The locks of one process. */
    abstract Locks locksHere();

    /** Those of another process. */
    abstract Locks locksThere();

    @Override
    final LockRegistry<Lock> here() {
        return new LockweaveLockRegistry(locksHere(), "suite");
    }

    @Override
    final LockRegistry<Lock> there() {
        return new LockweaveLockRegistry(locksThere(), "suite");
    }

    private LockKey lockKey() {
        return LockKey.of("suite", key());
    }

    @Test
    void differs_nothingIsKeptForAKeyThatIsNotInUse() {
        for (int i = 0; i < 50; i++) {
            Lock lock = here().obtain(key() + i);
            lock.lock();
            lock.unlock();
        }
        assertThat(locksHere().inspect())
                .filteredOn(info -> info.key().contains(key()))
                .isEmpty();
        assertThat(here()).isNotInstanceOf(ExpirableLockRegistry.class).isNotInstanceOf(RenewableLockRegistry.class);
    }

    @Test
    void differs_eachObtainGivesAViewOfItsOwn() {
        LockRegistry<Lock> registry = here();
        assertThat(registry.obtain(key())).isNotSameAs(registry.obtain(key()));
    }

    @Test
    void differs_whoseLockWasLostIsToldSoAndFreesNobodyElses() {
        Lock mine = here().obtain(key());
        mine.lock();
        assertThat(locksHere().forceRelease(lockKey())).isTrue();
        Someone<Boolean> successor = Someone.begins(() -> {
            there().obtain(key()).lock();
            return true;
        });
        assertThat(successor.result()).isTrue();
        assertThatThrownBy(mine::unlock).isInstanceOf(LockLostException.class);
        assertThat(freeThere()).as("the successor's lock").isFalse();
        assertThatThrownBy(mine::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void differs_aKeyCountsByItsText() {
        Lock number = here().obtain(42);
        number.lock();
        assertThat(JdkLockContract.freeForOthers(there().obtain("42"))).isFalse();
        number.unlock();
        for (Object none : List.of("", " ", new Object(), new int[0])) {
            assertThatThrownBy(() -> here().obtain(none))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("To fix it");
        }
    }

    @Test
    void differs_noKeyIsAUsageError() {
        assertThatThrownBy(() -> here().obtain(null)).isInstanceOf(LockUsageException.class);
    }

    @Test
    void differs_twoKeysAreNeverOneLock() {
        List<Lock> locks = IntStream.rangeClosed(0, 256)
                .mapToObj(i -> here().obtain(key() + i))
                .toList();
        locks.forEach(Lock::lock);
        assertThat(locksHere().inspect())
                .filteredOn(info -> info.key().contains(key()))
                .hasSize(257);
        locks.forEach(Lock::unlock);
    }
}
