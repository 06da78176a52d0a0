package io.lockweave.jdbc.dialect;

/**
 * The lock table as all databases have it. In templates {@code ${t}} is the table, {@code ${now}} the database's clock
 * and {@code ${seed}} the first fence of a new row.
 */
public final class LeaseTable {

    /** The end of lease of a key whose holders have rows of their own; beyond every other. */
    public static final long NEVER = 9_000_000_000_000_000_000L;

    public static final String ALL_COLUMNS =
            "lock_key, part, lock_name, lock_mode, permits, owner_token, place, fence, next_fence,"
                    + " acquired_at, expires_at, waited_until, writer_until";

    /** What the table has where releases are told: who waits for the row. */
    public static final String QUEUE_COLUMN = "waiters";

    /** A key's own row, with what it says and the time it was read. */
    public static final String KEY_COLUMNS =
            "lock_mode, permits, owner_token, place, fence, next_fence, acquired_at, expires_at,"
                    + " writer_until, ${now}";

    /** A row that somebody holds, for people. */
    public static final String HOLDER_COLUMNS =
            "lock_key, lock_name, owner_token, place, lock_mode, fence, acquired_at, expires_at, ${now}";

    public static final String KEY_ROW = " where lock_key = ? and part = '-'";

    /**
     * Key, name, owner, place, fences, time until which it may take effect, lease. A late one inserts a free row: its
     * caller has given up.
     */
    public static final String INSERT = "insert into ${t} (" + ALL_COLUMNS
            + ") values (?, '-', ?, 'E', 1, ?, ?, ${seed}, ${seed} + ?, ${now},"
            + " case when ${now} <= ? then ${now} + ? else 0 end, 0, 0)";

    private static final String TAKEN = """
            update ${t} set lock_mode = 'E', permits = 1,
              fence = case when expires_at > ${now} then fence
                when next_fence > ${now} * 1000 then next_fence else ${now} * 1000 end,
              next_fence = case when expires_at > ${now} then next_fence
                when next_fence > ${now} * 1000 then next_fence + ? else ${now} * 1000 + ? end,
              acquired_at = case when expires_at > ${now} then acquired_at else ${now} end,
              place = ?, owner_token = ?, waited_until = 0, writer_until = 0, expires_at = ${now} + ?""";

    /**
     * Fences, fences, place, owner, lease, key, owner, time until which it may take effect. The owner's own lease that
     * still runs keeps its fence.
     */
    public static final String UPDATE =
            TAKEN + KEY_ROW + " and (expires_at <= ${now} or owner_token = ?) and ${now} <= ?";

    private LeaseTable() {}
}
