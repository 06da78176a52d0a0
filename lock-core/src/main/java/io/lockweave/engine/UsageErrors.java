package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUsageException;

/** Usage errors that more than one place finds. */
final class UsageErrors {

    private UsageErrors() {}

    static LockUsageException permitsDiffer(LockKey key, int inUse, int asked) {
        return new LockUsageException(
                "Lock " + key + " is in use with " + describe(inUse) + " and now asked for with " + describe(asked),
                "give every claim on one key the same number of permits, or use different names");
    }

    static LockUsageException cannot(String key, String backend, LockMode mode, String what, String remedy) {
        return new LockUsageException(
                "Lock " + key + " is asked for in mode " + mode + (what.isEmpty() ? "" : " " + what)
                        + ", which the backend " + backend + " cannot do",
                remedy);
    }

    private static String describe(int permits) {
        return permits == 1 ? "an exclusive or shared lock" : permits + " permits";
    }
}
