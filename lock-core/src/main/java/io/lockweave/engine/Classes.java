package io.lockweave.engine;

import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * The classes of this package that have something to set up when they are first used. That is done before there is
 * any lock: a class whose setting up fails, for want of stack in whoever needs it first, is of no use to anybody any
 * more.
 */
final class Classes {

    private static final List<Class<?>> ALL = List.of(
            BlockedThread.class,
            WaitLoop.class,
            CurrentHold.class,
            DeadlockDetector.class,
            FenceCounters.class,
            Gate.class,
            TaskUnderLock.class,
            Hold.class,
            LeaseKeeper.class,
            LeasedGrant.Parting.class,
            Owner.class,
            Progress.Known.class,
            Reclaim.class,
            Room.class,
            Room.Entry.class,
            Step.class,
            ThisProcess.class,
            OwnerTokens.class,
            Waiter.class,
            WorkerPool.class,
            WorkerPool.Growth.class);

    private Classes() {}

    /** Makes sure that all is set up. */
    static void ensureSetUp() {
        try {
            for (Class<?> type : ALL) {
                MethodHandles.lookup().ensureInitialized(type);
            }
        } catch (IllegalAccessException e) {
            throw new AssertionError("classes of this package cannot be used by it", e);
        }
        new OwnerTokens().next(); // the JDK's sources of random numbers have much to set up, too
    }
}
