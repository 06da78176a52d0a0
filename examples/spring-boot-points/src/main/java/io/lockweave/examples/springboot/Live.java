package io.lockweave.examples.springboot;

import io.lockweave.LockInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks for again and again.
 *
 * @param backend where the locks are
 * @param race the race, if there was one
 * @param locks who holds and who waits
 */
record Live(String backend, @Nullable RaceReport race, List<Lock> locks) {

    /**
     * One lock.
     *
     * @param key its key
     * @param holders where its holders run
     * @param waiters where its waiters run, the first few of them
     * @param waiting how many wait
     */
    record Lock(String key, List<String> holders, List<String> waiters, int waiting) {

        static Lock of(LockInfo info) {
            return new Lock(
                    info.key(),
                    info.holders().stream().map(holder -> holder.describe()).toList(),
                    info.waiters().stream()
                            .limit(8)
                            .map(waiter -> waiter.place().thread())
                            .toList(),
                    info.waiters().size());
        }
    }
}
