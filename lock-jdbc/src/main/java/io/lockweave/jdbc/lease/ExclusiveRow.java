package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a key's own row for an exclusive claim: one statement where the database can, and never a transaction. */
final class ExclusiveRow {

    private final LeaseSql sql;
    private final DatabaseClock clock;

    ExclusiveRow(LeaseSql sql, DatabaseClock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The grant that the row tells of, or null if it is not this claim's. */
    static @Nullable Grant granted(Claim claim, KeyRow row) {
        return row.owner().equals(claim.owner()) && !row.isFree()
                ? ClaimRows.grant(claim, row.fence(), row.nextFence())
                : null;
    }

    /**
     * Takes the row if it is free.
     *
     * @param keep for how long a free row is kept for the first of those who wait, in microseconds
     * @return the row as it is then, whose owner tells; null if it cannot tell and has to be asked again
     */
    @Nullable
    KeyRow take(OpenConnection connection, Claim claim, long keep) throws SQLException {
        if (sql.takeOrQueue != null) {
            List<Object> values = forQueue(claim, keep);
            values.addAll(List.of(sql.channels().entry(claim), keep, claim.key().fingerprint()));
            return seen(connection.first(sql.take, row -> KeyRow.readQueued(row, 0), values.toArray()));
        }
        String insert = sql.insert;
        if (insert != null) {
            return updateOrInsert(connection, claim, insert);
        }
        if (sql.takeReturns) {
            return seen(connection.first(sql.take, KeyRow::read, forInsert(claim)));
        }
        connection.update(sql.take, forInsert(claim));
        return seen(read(connection, claim));
    }

    /**
     * As {@link #take} where releases are told, for a claim that waits: if somebody else has the row, it joins the
     * queue there, or leaves it if it is not going to wait any more.
     */
    @Nullable
    KeyRow takeOrQueue(OpenConnection connection, Claim claim, long keep, String takeOrQueue) throws SQLException {
        List<Object> values = forQueue(claim, keep);
        String entry = sql.channels().entry(claim);
        String key = claim.key().fingerprint();
        values.addAll(List.of(entry, entry, entry, key, entry, String.valueOf(claim.willWait()), entry, keep));
        values.addAll(List.of(entry, keep, key));
        return seen(connection.first(takeOrQueue, row -> KeyRow.readQueued(row, 0), values.toArray()));
    }

    /** A row that is busy is only read, and nothing is inserted beside one that is there. */
    private @Nullable KeyRow updateOrInsert(OpenConnection connection, Claim claim, String insert) throws SQLException {
        if (sql.takeReturns) {
            KeyRow taken = connection.first(sql.take, KeyRow::read, forUpdate(claim));
            KeyRow row = seen(taken != null ? taken : read(connection, claim));
            return row != null ? row : seen(connection.firstIfAbsent(insert, KeyRow::read, forInsert(claim)));
        }
        boolean taken = connection.update(sql.take, forUpdate(claim)) > 0;
        KeyRow row = seen(read(connection, claim));
        if (row == null) {
            taken = connection.insertIfAbsent(insert, forInsert(claim)) > 0;
            row = seen(read(connection, claim));
        }
        return row != null && taken ? row.whenAcquired() : row;
    }

    private @Nullable KeyRow read(OpenConnection connection, Claim claim) throws SQLException {
        return connection.first(sql.read, KeyRow::read, claim.key().fingerprint());
    }

    /** Until when what is sent now may take effect, by the database's clock. */
    long notAfter() {
        return clock.notAfter();
    }

    /** The row, from an answer that has just come. */
    @Nullable
    KeyRow seen(@Nullable KeyRow row) {
        if (row != null) {
            clock.read(row.now());
        }
        return row;
    }

    private Object[] forUpdate(Claim claim) {
        return new Object[] {
            claim.fences(),
            claim.fences(),
            ClaimRows.place(claim),
            claim.owner(),
            ClaimRows.micros(claim.lease()),
            claim.key().fingerprint(),
            claim.owner(),
            clock.notAfter()
        };
    }

    private Object[] forInsert(Claim claim) {
        return new Object[] {
            claim.key().fingerprint(),
            ClaimRows.name(claim.key()),
            claim.owner(),
            ClaimRows.place(claim),
            claim.fences(),
            clock.notAfter(),
            ClaimRows.micros(claim.lease())
        };
    }

    private List<Object> forQueue(Claim claim, long keep) {
        String entry = sql.channels().entry(claim);
        List<Object> values = new ArrayList<>(Arrays.asList(forInsert(claim)));
        values.addAll(List.of(entry, keep, claim.key().fingerprint(), claim.owner()));
        values.addAll(List.of(entry, entry, entry, keep));
        return values;
    }
}
