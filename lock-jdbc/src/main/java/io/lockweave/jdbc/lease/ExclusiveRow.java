package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a key's own row for an exclusive claim: one statement where the database can, and never a transaction. */
final class ExclusiveRow {

    /** What a row says after the attempt to take it. */
    private record Taken(long fence, long nextFence, String owner) {

        static Taken read(ResultSet row) throws SQLException {
            return new Taken(row.getLong(1), row.getLong(2), row.getString(3));
        }
    }

    private final LeaseSql sql;

    ExclusiveRow(LeaseSql sql) {
        this.sql = sql;
    }

    /** The grant, or null if somebody else has the row. */
    @Nullable
    Grant take(OpenConnection connection, Claim claim) throws SQLException {
        Taken row = sql.insert == null ? upsert(connection, claim) : updateOrInsert(connection, claim, sql.insert);
        return row == null || !row.owner().equals(claim.owner())
                ? null
                : ClaimRows.grant(claim, row.fence(), row.nextFence());
    }

    /**
     * As {@link #take} where releases are told, for a claim that waits already: if somebody else has the row, leaves word there
     * that somebody waits. Gives the row, whose owner tells; or null if it cannot tell and has to be asked otherwise.
     */
    @Nullable
    KeyRow takeOrMark(OpenConnection connection, Claim claim, String takeOrMark) throws SQLException {
        List<Object> values = new ArrayList<>(Arrays.asList(forInsert(claim)));
        values.add(GroupRows.REMEMBER_WAITER);
        values.add(claim.key().fingerprint());
        return connection.first(takeOrMark, KeyRow::read, values.toArray());
    }

    private @Nullable Taken upsert(OpenConnection connection, Claim claim) throws SQLException {
        if (sql.readTaken == null) {
            return connection.first(sql.take, Taken::read, forInsert(claim));
        }
        connection.update(sql.take, forInsert(claim));
        return connection.first(sql.readTaken, Taken::read, claim.key().fingerprint(), claim.owner());
    }

    private @Nullable Taken updateOrInsert(OpenConnection connection, Claim claim, String insert) throws SQLException {
        String key = claim.key().fingerprint();
        long lease = ClaimRows.micros(claim.lease());
        Object[] forUpdate = {
            claim.fences(), claim.fences(), ClaimRows.place(claim), claim.owner(), lease, key, claim.owner()
        };
        if (sql.readTaken == null) {
            Taken row = connection.first(sql.take, Taken::read, forUpdate);
            return row != null ? row : connection.firstIfAbsent(insert, Taken::read, forInsert(claim));
        }
        boolean taken =
                connection.update(sql.take, forUpdate) > 0 || connection.insertIfAbsent(insert, forInsert(claim)) > 0;
        return taken ? connection.first(sql.readTaken, Taken::read, key, claim.owner()) : null;
    }

    private static Object[] forInsert(Claim claim) {
        return new Object[] {
            claim.key().fingerprint(),
            ClaimRows.name(claim.key()),
            claim.owner(),
            ClaimRows.place(claim),
            claim.fences(),
            ClaimRows.micros(claim.lease())
        };
    }
}
