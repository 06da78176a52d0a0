package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.LeaseStatements;
import io.lockweave.jdbc.dialect.LeaseTable;
import io.lockweave.jdbc.dialect.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the lease table, written once per backend for its database and table.
 *
 * <p>Each key has one row whose {@code part} is {@code -}. An exclusive holder stands in that row. Shared and permit
 * holders have a row each whose part is their token; as long as the key is theirs, its own row never expires, so that
 * the one statement of an exclusive claim finds it busy without looking further. Free rows stay for a while: they keep
 * the fence, and the token of whoever released them.
 *
 * <p>Times are microseconds since 1970 by the database's clock. A fence is at least that clock in nanoseconds, so
 * fences grow even if rows or the whole table are lost; a new row begins a millisecond ahead, for clocks that tick in
 * milliseconds.
 */
final class LeaseSql {

    /** The part of a key's own row. */
    static final String OWN = "-";

    /** How many rows {@link #dead} looks at, where the database can be told so, and gives at most. */
    static final int PAGE = 500;

    /** The owner of a row without one. */
    static final String NOBODY = "-";

    /** The end of lease of a key that its owner released; the token stays, to know a repeated release by. */
    static final long RELEASED = 0;

    final String take;
    final @Nullable String insert;
    /** Whether take and insert give the row. */
    final boolean takeReturns;

    final String read;
    /** Takes several keys' own rows, or none; null where that takes several statements. */
    final @Nullable String takeAll;

    /** Not null where releases are told. */
    final @Nullable String takeOrQueue;

    final @Nullable String mark;
    final String release;
    final @Nullable String withdraw;
    final String markWriter;
    final String unmarkWriter;
    final String readEnd;
    final String touch;
    final String lock;
    final String insertFree;
    final String deleteDead;
    final String group;
    final String latestHolder;
    final String insertHolder;
    final String prolongHolder;
    final String giveToGroup;
    final String giveToOwner;
    final String free;
    final String releaseHolder;
    final String deleteHolders;
    final @Nullable String notifyWaiters;
    final String find;
    final String dead;
    final @Nullable String visited;
    final String probe;
    final String probeClock;

    private static final String OWN_ROWS = " and part = '" + OWN + "'";

    private final Dialect dialect;
    private final LeaseStatements statements;
    private final String table;
    private final String now;
    private final Channels channels;

    LeaseSql(Dialect dialect, TableName name, String clock) {
        this.dialect = dialect;
        this.statements = dialect.lease();
        this.table = name.quoted();
        this.now = clock;
        this.channels = Channels.of(table);
        this.take = sql(statements.take());
        this.insert = statements.insert() == null ? null : sql(statements.insert());
        this.takeReturns = statements.returnsRow();
        this.read = sql("select " + LeaseTable.KEY_COLUMNS + " from ${t}" + LeaseTable.KEY_ROW);
        this.takeAll = statements.takeAll() == null ? null : sql(statements.takeAll());
        LeaseStatements.Push push = statements.push();
        this.takeOrQueue = push == null ? null : sql(push.takeOrQueue());
        this.withdraw = push == null ? null : sql(push.withdraw());
        this.mark = push == null ? null : sql(push.mark());
        this.notifyWaiters = push == null ? null : push.notifyWaiters();
        this.release = sql(releaseOf(push) + LeaseTable.KEY_ROW + " and owner_token = ? and expires_at > ${now}"
                + (push == null ? "" : " returning " + push.tell()));
        this.markWriter = sql("update ${t} set writer_until = ${now} + ?" + LeaseTable.KEY_ROW);
        this.unmarkWriter = sql("update ${t} set writer_until = 0" + LeaseTable.KEY_ROW + " and writer_until > 0");
        this.readEnd = sql("select expires_at from ${t}" + LeaseTable.KEY_ROW + " and owner_token = ?");
        this.touch = sql("update ${t} set permits = permits" + LeaseTable.KEY_ROW);
        this.lock = sql("select " + LeaseTable.KEY_COLUMNS + " from ${t}" + LeaseTable.KEY_ROW
                + (dialect.locksByReading() ? " for update" : ""));
        this.insertFree = sql("insert into ${t} (" + LeaseTable.ALL_COLUMNS
                + ") values (?, '-', ?, 'E', 1, '-', '-', ${seed}, ${seed}, 0, 0, 0, 0)" + statements.ifAbsent());
        this.deleteDead = sql("delete from ${t} where lock_key = ? and part <> '-' and expires_at <= ${now}");
        this.group = sql("select count(*), min(expires_at), max(expires_at),"
                + " max(case when part = ? then fence else 0 end), max(case when part = ? then next_fence else 0 end)"
                + " from ${t} where lock_key = ? and part <> '-'");
        this.latestHolder = sql("select " + LeaseTable.HOLDER_COLUMNS
                + " from ${t} where lock_key = ? and part <> '-' order by expires_at desc");
        this.insertHolder = sql("insert into ${t} (" + LeaseTable.ALL_COLUMNS
                + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ${now}, ${now} + ?, 0, 0)");
        String flushed = statements.flushed();
        this.prolongHolder = sql("update ${t} set expires_at = ${now} + ? where lock_key = ? and part = ?" + flushed);
        this.giveToGroup =
                sql("update ${t} set lock_mode = ?, permits = ?, owner_token = '-', fence = ?, next_fence = ?,"
                        + " acquired_at = ${now}, expires_at = " + LeaseTable.NEVER + LeaseTable.KEY_ROW + flushed);
        this.giveToOwner = sql("update ${t} set lock_mode = 'E', permits = 1, owner_token = ?, place = ?, fence = ?,"
                + " next_fence = ?, acquired_at = ${now}, waited_until = 0, writer_until = 0, expires_at = ${now} + ?"
                + (push == null ? "" : ", waiters = replace(waiters, cast(? as text), '')")
                + LeaseTable.KEY_ROW
                + flushed);
        this.free = sql("update ${t} set owner_token = '-', expires_at = 0" + LeaseTable.KEY_ROW);
        this.releaseHolder = push != null
                ? sql(push.releaseHolder())
                : sql("delete from ${t} where lock_key = ? and part = ? and expires_at > ${now}");
        this.deleteHolders = sql("delete from ${t} where lock_key = ? and part <> '-'");
        this.find = sql("select " + LeaseTable.HOLDER_COLUMNS
                + " from ${t} where lock_key = ? and owner_token <> '-' and expires_at > ${now} order by fence");
        String dead = " next_fence <= (${now} - ?) * 1000 and (expires_at <= ${now} or expires_at = " + LeaseTable.NEVER
                + ")";
        String first = dialect.firstRows(PAGE);
        String page = "(select lock_key, next_fence, expires_at from ${t} where part = '-' and lock_key > ?"
                + " order by lock_key" + first + ")";
        this.dead = sql(
                first.isEmpty()
                        ? "select lock_key, expires_at from ${t} where part = '-' and lock_key > ? and" + dead
                                + " order by lock_key"
                        : "select lock_key, expires_at from " + page + " p where" + dead + " order by lock_key");
        this.visited = first.isEmpty() ? null : sql("select max(lock_key), count(*) from " + page + " p");
        this.probe = sql("select " + String.join(", ", columns()) + " from ${t} where lock_key = '-'");
        this.probeClock = sql("select ${now} from ${t} where lock_key = '-'");
    }

    /** Where releases are told. */
    Channels channels() {
        return channels;
    }

    /** The columns that the table must have. */
    List<String> columns() {
        List<String> all = new ArrayList<>(List.of(LeaseTable.ALL_COLUMNS.split(", *", -1)));
        if (statements.push() != null) {
            all.add(LeaseTable.QUEUE_COLUMN);
        }
        return all;
    }

    boolean locksByReading() {
        return dialect.locksByReading();
    }

    /** The own rows of so many keys, with their keys. */
    String readAll(int keys) {
        return sql("select lock_key, " + LeaseTable.KEY_COLUMNS + " from ${t} where part = '-' and lock_key in ("
                + marks(keys) + ")");
    }

    /** Prolongs so many leases; on PostgreSQL it returns the tokens it found. */
    String renew(int leases) {
        return sql("update ${t} set expires_at = ${now} + ?" + ofOwners(leases)
                + (renewReturns() ? " returning owner_token, " + statements.flush() : ""));
    }

    /** Whether {@link #renew} returns the tokens it found. */
    boolean renewReturns() {
        return statements.flush() != null;
    }

    /** Which of so many tokens still hold. */
    String stillHeld(int leases) {
        return sql("select owner_token from ${t}" + ofOwners(leases));
    }

    /** Deletes so many keys' own rows if they are free and their fences lie some time back. */
    String deleteFree(int keys) {
        return sql("delete from ${t} where lock_key in (" + marks(keys)
                + ") and part = '-' and expires_at <= ${now} and next_fence <= (${now} - ?) * 1000");
    }

    /** Releases so many keys' own rows; where releases are told it returns the tokens it found. */
    String releaseAll(int leases) {
        LeaseStatements.Push push = statements.push();
        return sql(releaseOf(push)
                + ofOwners(leases)
                + OWN_ROWS
                + (push == null ? "" : " returning owner_token, " + push.tell()));
    }

    /** Which of so many tokens released their rows, which nobody has taken since. */
    String released(int leases) {
        return sql("select owner_token from ${t} where lock_key in (" + marks(leases) + ") and owner_token in ("
                + marks(leases) + ") and expires_at = " + RELEASED + OWN_ROWS);
    }

    private static String releaseOf(LeaseStatements.@Nullable Push push) {
        return "update ${t} set expires_at = " + RELEASED + (push == null ? "" : ", acquired_at = ${now}");
    }

    private static String ofOwners(int leases) {
        return " where lock_key in (" + marks(leases) + ") and owner_token in (" + marks(leases)
                + ") and expires_at > ${now}";
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /** Rows that are held, so many of the first keys: in the order of the index, so that no more are read or sorted. */
    String list(int rows) {
        return sql("select " + LeaseTable.HOLDER_COLUMNS
                + " from ${t} where owner_token <> '-' and expires_at > ${now} order by lock_key, part"
                + dialect.firstRows(rows));
    }

    private String sql(String template) {
        return template.replace("${seed}", "(${now} + 1000) * 1000")
                .replace("${now}", now)
                .replace("${t}", table);
    }
}
