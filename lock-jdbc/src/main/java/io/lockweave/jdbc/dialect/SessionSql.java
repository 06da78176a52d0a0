package io.lockweave.jdbc.dialect;

import io.lockweave.LockKey;
import org.jspecify.annotations.Nullable;

/**
 * What session locks are called in a database. Each statement that takes a lock also gives the id of the session that
 * runs it, so that a pooler that switches sessions in between is found out.
 *
 * @param takeExclusive answers 1 if taken, the session, and the clock in microseconds read after that; is refused
 *     while another session keeps the turnstile
 * @param takePast the same past the turnstile
 * @param takeShared as {@code takeExclusive} for a shared lock, or null if there are none
 * @param readClock where the clock cannot be read in the same statement after the lock was taken: how to read it then
 * @param releaseExclusive answers 1 if it was held
 * @param session the id of the session
 * @param holder who holds a key elsewhere: session, address, program
 * @param end ends another session
 * @param keepTurnstile for an exclusive claim that waits: holds those off that come after it; answers 1 if taken
 * @param leaveTurnstile lets them on again
 */
public record SessionSql(
        String takeExclusive,
        String takePast,
        @Nullable String takeShared,
        @Nullable String readClock,
        String releaseExclusive,
        @Nullable String releaseShared,
        String session,
        String holder,
        String end,
        String keepTurnstile,
        String leaveTurnstile,
        Names names) {

    /** What the database knows a key by, both of its fingerprint. */
    public enum Names {
        /** PostgreSQL: 64 bits. A statement through the turnstile takes it in passing, so it names it three times. */
        NUMBERS,
        /** The others: a text. A statement through the turnstile looks who keeps it. */
        TEXTS
    }

    /** What the database knows the turnstile before a key by. */
    public Object turnstile(LockKey key) {
        String fingerprint = key.fingerprint();
        return names == Names.NUMBERS
                ? Long.parseUnsignedLong(fingerprint.substring(16, 32), 16)
                : "lt" + fingerprint.substring(0, 60);
    }

    /** What the database knows the key by. */
    public Object name(LockKey key) {
        String fingerprint = key.fingerprint();
        return names == Names.NUMBERS
                ? Long.parseUnsignedLong(fingerprint.substring(0, 16), 16)
                : "lw" + fingerprint.substring(0, 60);
    }

    /** The values of a statement that takes a key through its turnstile. */
    public Object[] throughTurnstile(LockKey key) {
        Object turnstile = turnstile(key);
        return names == Names.NUMBERS
                ? new Object[] {turnstile, name(key), turnstile, turnstile}
                : new Object[] {turnstile, name(key)};
    }
}
