package io.lockweave;

import java.time.Duration;

/**
 * Who waits for a lock.
 *
 * @param place where the waiter runs
 * @param mode the mode wanted
 * @param waitedFor how long it has waited
 */
public record LockWaiter(LockPlace place, LockMode mode, Duration waitedFor) {}
