package io.lockweave.jdbc.dialect;

import io.lockweave.LockKey;
import org.jspecify.annotations.Nullable;

/**
 * What session locks are called in a database. Each statement that takes a lock also gives the id of the session that
 * runs it, so that a pooler that switches sessions in between is found out.
 *
 * @param takeExclusive answers 1 if taken, the session, and the clock in microseconds read after that
 * @param takeShared the same for a shared lock, or null if there are none; takes the turnstile in passing, and is
 *     refused while somebody keeps that (turnstile, key, turnstile, turnstile)
 * @param readClock where the clock cannot be read in the same statement after the lock was taken: how to read it then
 * @param releaseExclusive answers 1 if it was held
 * @param session the id of the session
 * @param holder who holds a key elsewhere: session, address, program
 * @param end ends another session
 * @param keepTurnstile for an exclusive claim that waits: holds new shared ones off; answers 1 if taken. Null without
 *     shared
 * @param leaveTurnstile lets them on again
 */
public record SessionSql(
        String takeExclusive,
        @Nullable String takeShared,
        @Nullable String readClock,
        String releaseExclusive,
        @Nullable String releaseShared,
        String session,
        String holder,
        String end,
        @Nullable String keepTurnstile,
        @Nullable String leaveTurnstile) {

    /** What the database knows the turnstile before a key by. */
    public long turnstile(LockKey key) {
        return Long.parseUnsignedLong(key.fingerprint().substring(16, 32), 16);
    }

    /** What the database knows the key by: 64 bits for PostgreSQL, a name for the others, both of the fingerprint. */
    public Object name(LockKey key) {
        String fingerprint = key.fingerprint();
        return takeShared != null
                ? Long.parseUnsignedLong(fingerprint.substring(0, 16), 16)
                : "lw" + fingerprint.substring(0, 60);
    }
}
