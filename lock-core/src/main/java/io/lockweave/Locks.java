package io.lockweave;

import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * Locks of one backend. Safe for use from any thread; one instance per backend and JVM is enough.
 *
 * <pre>{@code
 * locks.run(LockKey.of("user", id), () -> addPoints(id));
 *
 * try (HeldLock lock = locks.acquire(LockKey.of("user", id), LockOptions.defaults().waitTime(Duration.ofSeconds(2)))) {
 *     addPoints(id);
 * }
 *
 * Optional<HeldLock> report = locks.tryAcquire(LockKey.of("report"));  // empty if somebody else has it
 * }</pre>
 *
 * <p>Locks are reentrant: a thread (or a {@link LockScope} and the scopes nested in it) that holds a key enters again
 * without asking the store, and the key comes free when the outermost hold is closed. All methods that wait share one
 * budget over all stages, the wait time of the options, and never wait longer than it plus one round trip to the store.
 *
 * <p>All of them fail with {@link LockUsageException} for options the backend cannot honour or that contradict a hold
 * of the same owner (such as asking for an exclusive lock while holding a shared one), with
 * {@link LockBackendException} if the store failed, and with {@link LockDeadlockException} if waiting could never end.
 */
public interface Locks extends AutoCloseable {

    /** Builds locks on a backend, which is closed with them. */
    static LocksBuilder builder(LockBackend backend) {
        return new LocksBuilder(backend);
    }

    /** Locks inside this JVM. */
    static Locks local() {
        return builder(new LocalBackend()).build();
    }

    /** The backend's name. */
    String backend();

    /**
     * Makes sure that the backend can honour these options, before anything is asked with them.
     *
     * @throws LockUsageException naming what it lacks
     */
    void check(LockOptions options);

    /** {@link #acquire(LockKey, LockOptions)} with the default options. */
    @CheckReturnValue
    default HeldLock acquire(LockKey key) {
        return acquire(key, LockOptions.defaults());
    }

    /**
     * Waits for the lock and takes it.
     *
     * @throws LockUnavailableException if it was busy for the whole wait time, if the thread was interrupted (its flag
     *     is set again) or if these locks are closed
     */
    @CheckReturnValue
    HeldLock acquire(LockKey key, LockOptions options);

    /** Takes the lock if it is free right now. */
    @CheckReturnValue
    default Optional<HeldLock> tryAcquire(LockKey key) {
        return tryAcquire(key, LockOptions.defaults().waitTime(Duration.ZERO));
    }

    /**
     * Takes the lock if it comes free within the wait time; empty if it was busy all the time.
     *
     * @throws LockUnavailableException if the thread was interrupted or these locks are closed
     */
    @CheckReturnValue
    Optional<HeldLock> tryAcquire(LockKey key, LockOptions options);

    /**
     * Takes several locks, all or none: sorted, without duplicates, in one wait budget. If one cannot be had, those
     * taken before are given back.
     *
     * @throws LockUsageException if there are no keys
     */
    @CheckReturnValue
    HeldLock acquireAll(Collection<LockKey> keys, LockOptions options);

    /** {@link #acquireAll(Collection, LockOptions)} with the default options. */
    @CheckReturnValue
    default HeldLock acquireAll(Collection<LockKey> keys) {
        return acquireAll(keys, LockOptions.defaults());
    }

    /** {@link #acquireAllAsync} for one key. */
    @CheckReturnValue
    default CompletableFuture<HeldLock> acquireAsync(LockKey key, LockOptions options) {
        return acquireAllAsync(List.of(key), options);
    }

    /** {@link #acquireAsync(LockKey, LockOptions)} with the default options. */
    @CheckReturnValue
    default CompletableFuture<HeldLock> acquireAsync(LockKey key) {
        return acquireAsync(key, LockOptions.defaults());
    }

    /**
     * Takes one or several locks without blocking the caller. The hold belongs to the {@link LockScope} of the caller,
     * or to a new one. The future fails as {@link #acquireAll} would; cancelling it ends the wait and leaves nothing
     * behind. It completes on a Lockweave thread: continue long work with {@code thenApplyAsync}.
     */
    @CheckReturnValue
    CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions options);

    /** {@link #call(LockKey, LockOptions, Callable)} with the default options. */
    default <T> T call(LockKey key, Callable<T> task) throws Exception {
        return call(key, LockOptions.defaults(), task);
    }

    /**
     * Runs the task under the lock. The task's own exception always wins; a failure to release is suppressed into it.
     *
     * @throws LockLostException after the task, if the lock was lost while it ran and the task itself did not fail
     * @throws Exception what the task throws, unchanged
     */
    <T> T call(LockKey key, LockOptions options, Callable<T> task) throws Exception;

    /** {@link #run(LockKey, LockOptions, Runnable)} with the default options. */
    default void run(LockKey key, Runnable task) {
        run(key, LockOptions.defaults(), task);
    }

    /** {@link #call(LockKey, LockOptions, Callable)} for a task without a result or checked exceptions. */
    void run(LockKey key, LockOptions options, Runnable task);

    /**
     * Queues the task behind the tasks submitted before for the same keys, and runs it under the locks on a Lockweave
     * worker thread. Nobody blocks while it waits. Each task is an owner of its own: it waits for a lock that the
     * submitting thread holds, and enters its own locks again. Cancelling the future before the task began takes it out
     * of the queue.
     */
    <T> CompletableFuture<T> submit(Collection<LockKey> keys, LockOptions options, Callable<T> task);

    /**
     * The lock of a key as a complete {@link Lock}, bound to threads as that type demands; conditions are unsupported.
     * A lock in a store that was locked only so, by a thread that has ended since, is no longer renewed but given back.
     *
     * <p>If the lock is lost, {@code unlock} throws {@link LockLostException}; so do {@code lock} and {@code tryLock}
     * of that thread until each entry was unlocked, so that no loss goes unnoticed by code that locks again "in case it
     * has expired".
     */
    Lock asLock(LockKey key);

    /**
     * The lock of a key as a complete {@link ReadWriteLock}; conditions are unsupported, a loss is as for
     * {@link #asLock}.
     */
    ReadWriteLock asReadWriteLock(LockKey key);

    /** Whether anybody, here or elsewhere, holds the key, or is about to get it from the last holder. */
    default boolean isLocked(LockKey key) {
        LockInfo info = inspect(key);
        return info.inTransit() || !info.holders().isEmpty();
    }

    /** Who holds and who waits for one key. */
    LockInfo inspect(LockKey key);

    /** Every lock held or waited for in this JVM, and up to 1,000 of those held elsewhere. */
    List<LockInfo> inspect();

    /**
     * Frees a key whoever holds it; for operators. Holders lose it: their {@link HeldLock#onLost} runs, at once if they
     * are in this JVM, else at their next renewal.
     *
     * @return whether anybody held it
     */
    boolean forceRelease(LockKey key);

    /** Whether the store answers nothing at the moment; empty while it answers, or has not been asked lately. */
    default Optional<LockOutage> outage() {
        return Optional.empty();
    }

    /**
     * Begins to end while work under these locks goes on, and returns at once. Until the first time is over, all goes
     * on as before. After it only owners that hold one of these locks get more of them; all others, those who wait too,
     * get {@link LockUnavailableException}. What is held is renewed until the second time is over, and from then on
     * left to its lease: {@link #close} no longer frees it in the store, since work under it may go on.
     *
     * @param acceptTime how long owners without a lock still get one; zero if from now on they get none
     * @param holdTime how long what is held is renewed
     * @return completes with true as soon as nothing is held, with false when the second time is over. What the
     *     caller's own thread holds does not count, since it cannot release while it waits for this
     */
    CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime);

    /**
     * Ends all waiting with {@link LockUnavailableException}, gives back what is not in use, and stops all threads.
     * Holds in use are released in the store as well, or left to their leases after {@link #drain}; their owners see
     * them as lost.
     */
    @Override
    void close();
}
