package io.lockweave;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a lock in this JVM, and how.
 *
 * @param place where the waiter runs
 * @param mode the mode wanted
 * @param waitedFor how long it has waited
 * @param timeLeft how long it goes on waiting at most; null if there is no limit
 * @param way what it waits for
 * @param asked how often it has asked the store; 0 while it waits for others of this JVM
 * @param asksAgainIn when it asks the store again at the latest; null while it waits for others of this JVM
 */
public record LockWaiter(
        LockPlace place,
        LockMode mode,
        Duration waitedFor,
        @Nullable Duration timeLeft,
        Way way,
        int asked,
        @Nullable Duration asksAgainIn) {

    /** What a waiter waits for. */
    public enum Way {
        /** For others of this JVM, in their order; a release here wakes it at once. */
        QUEUED,
        /** For the store to tell it of the release; it asks now and then all the same. */
        LISTENING,
        /** It asks the store again and again, because the store cannot tell it of a release. */
        POLLING
    }
}
