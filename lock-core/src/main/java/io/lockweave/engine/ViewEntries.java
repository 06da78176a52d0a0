package io.lockweave.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many of a hold's entries were made through the read and the write views. Safe for use from any thread. */
final class ViewEntries {

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    /** One more. */
    void begin(boolean write) {
        of(write).incrementAndGet();
    }

    /** One less; false if there is none. */
    boolean end(boolean write) {
        return of(write).getAndUpdate(entries -> Math.max(0, entries - 1)) > 0;
    }

    static int count(@Nullable ViewEntries entries) {
        return entries == null ? 0 : entries.reads.get() + entries.writes.get();
    }

    private AtomicInteger of(boolean write) {
        return write ? writes : reads;
    }
}
