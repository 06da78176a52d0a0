package io.lockweave.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Lets something be said at most once a minute for each lock name, and counts what was left out. Names that come after
 * the first thousand share one count.
 */
final class SaidRarely {

    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_NAMES = 1_000;

    /** When it was last said, and how often it was not said since. */
    private record Said(long at, int leftOut) {}

    private final Map<String, Said> names = new ConcurrentHashMap<>();

    /** How often it was left out since it was last said; negative if it is left out this time too. */
    int leftOut(String name, long now) {
        String counted = names.size() < MOST_NAMES || names.containsKey(name) ? name : "";
        int[] left = {-1};
        names.compute(counted, (key, last) -> {
            if (last != null && now - last.at() < PAUSE) {
                return new Said(last.at(), last.leftOut() + 1);
            }
            left[0] = last == null ? 0 : last.leftOut();
            return new Said(now, 0);
        });
        return left[0];
    }
}
