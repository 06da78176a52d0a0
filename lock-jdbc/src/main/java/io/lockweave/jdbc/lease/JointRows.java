package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the own rows of several keys, all of them or none: in one statement where the database can, else in one
 * transaction. A row that is busy is only read.
 */
final class JointRows {

    /** How often to look again when a row changes hands in the middle. */
    private static final int LOOKS = 5;

    /** The most keys in one transaction. */
    private static final int MOST = 200;

    /** The state of the failure that undoes a statement which took some of the rows only. */
    private static final String NOT_ALL = "22012";

    private final LeaseSql sql;
    private final ExclusiveRow exclusive;

    JointRows(LeaseSql sql, ExclusiveRow exclusive) {
        this.sql = sql;
        this.exclusive = exclusive;
    }

    /** Whether this is of use: not where a look at one row may lock others, so that transactions block each other. */
    boolean isPossible() {
        return sql.takeAll != null || sql.locksByReading();
    }

    JointAttempt take(OpenConnection connection, List<Claim> claims, long keep) throws SQLException {
        String takeAll = sql.takeAll;
        for (int i = 0; i < LOOKS && (takeAll != null || claims.size() <= MOST); i++) {
            JointAttempt attempt = takeAll == null
                    ? inOneTransaction(connection, claims)
                    : inOneStatement(connection, claims, keep, takeAll);
            if (attempt != null) {
                return attempt;
            }
        }
        return JointAttempt.Apart.APART;
    }

    private @Nullable JointAttempt inOneStatement(
            OpenConnection connection, List<Claim> claims, long keep, String takeAll) throws SQLException {
        Claim any = claims.get(0);
        try {
            return answer(
                    claims,
                    rows(connection.list(
                            0,
                            takeAll,
                            Keyed::readQueued,
                            array(claims, claim -> claim.key().fingerprint()),
                            array(claims, claim -> ClaimRows.name(claim.key())),
                            array(claims, Claim::owner),
                            ClaimRows.place(any),
                            any.fences(),
                            exclusive.notAfter(),
                            ClaimRows.micros(any.lease()),
                            keep,
                            keep,
                            keep)));
        } catch (SQLException e) {
            if (NOT_ALL.equals(e.getSQLState())) {
                return null; // somebody came in between: nothing was changed
            }
            throw e;
        }
    }

    private @Nullable JointAttempt inOneTransaction(OpenConnection connection, List<Claim> claims) throws SQLException {
        Object[] keys = claims.stream().map(claim -> claim.key().fingerprint()).toArray();
        Map<String, KeyRow> rows = rows(connection.list(0, sql.readAll(claims.size()), Keyed::read, keys));
        JointAttempt known = answer(claims, rows);
        if (known != null) {
            return known;
        }
        try {
            return connection.transaction(() -> {
                List<Grant> grants = new ArrayList<>();
                for (Claim claim : claims) {
                    KeyRow row = exclusive.take(connection, claim, 0);
                    Grant grant = row == null ? null : ExclusiveRow.granted(claim, row);
                    if (grant == null) {
                        throw new NotAllFreeException();
                    }
                    grants.add(grant);
                }
                return new JointAttempt.Granted(grants);
            });
        } catch (NotAllFreeException e) {
            return null;
        }
    }

    /** What the rows say; null if it has to be tried or looked again. */
    private static @Nullable JointAttempt answer(List<Claim> claims, Map<String, KeyRow> rows) {
        List<Grant> grants = new ArrayList<>();
        for (Claim claim : claims) {
            KeyRow row = rows.get(claim.key().fingerprint());
            Grant grant = row == null ? null : ExclusiveRow.granted(claim, row);
            if (grant != null) {
                grants.add(grant);
            } else if (row != null && row.isGroup()) {
                return JointAttempt.Apart.APART; // its holders have rows of their own, and may all be gone
            } else if (row != null && !row.isForAll()) {
                return new JointAttempt.Busy(claim.key(), row.busy());
            }
        }
        return grants.size() == claims.size() ? new JointAttempt.Granted(grants) : null;
    }

    private Map<String, KeyRow> rows(List<Keyed> read) {
        Map<String, KeyRow> rows = new HashMap<>();
        read.forEach(keyed -> rows.put(keyed.key(), Objects.requireNonNull(exclusive.seen(keyed.row()))));
        return rows;
    }

    /** The text of an array for the database, to be given as one value. */
    private static String array(List<Claim> claims, Function<Claim, String> text) {
        return claims.stream()
                .map(text)
                .map(element -> '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** A key's own row with its key. */
    private record Keyed(String key, KeyRow row) {

        static Keyed read(ResultSet row) throws SQLException {
            return new Keyed(row.getString(1), KeyRow.read(row, 1));
        }

        static Keyed readQueued(ResultSet row) throws SQLException {
            return new Keyed(row.getString(1), KeyRow.readQueued(row, 1));
        }
    }

    /** Undoes the transaction. */
    private static final class NotAllFreeException extends SQLException {

        private static final long serialVersionUID = 1L;

        NotAllFreeException() {
            super("not all of the locks are free");
        }
    }
}
