package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Renews many leases in one statement. */
final class Renewals {

    /** Leases in one statement; the number of marks is a power of two, so that few statements differ. */
    private static final int MOST = 128;

    private final LeaseSql sql;

    Renewals(LeaseSql sql) {
        this.sql = sql;
    }

    List<Renewal> renew(OpenConnection connection, List<Grant> grants, Duration lease) throws SQLException {
        // In the order of keys, so that two renewals do not wait for each other in a circle.
        List<Grant> sorted = new ArrayList<>(new LinkedHashSet<>(grants));
        sorted.sort(Comparator.comparing(grant -> grant.key().fingerprint()));
        Set<String> held = new HashSet<>();
        for (int from = 0; from < sorted.size(); from += MOST) {
            List<Grant> part = sorted.subList(from, Math.min(sorted.size(), from + MOST));
            held.addAll(renewPart(connection, part, ClaimRows.micros(lease)));
        }
        return grants.stream()
                .map(grant -> held.contains(grant.owner()) ? Renewal.HELD : Renewal.LOST)
                .toList();
    }

    private Set<String> renewPart(OpenConnection connection, List<Grant> part, long lease) throws SQLException {
        int marks = Math.max(1, Integer.highestOneBit(part.size() * 2 - 1));
        List<Object> values = new ArrayList<>(marks * 2 + 1);
        values.add(lease);
        for (int i = 0; i < marks; i++) {
            values.add(part.get(Math.min(i, part.size() - 1)).key().fingerprint());
        }
        for (int i = 0; i < marks; i++) {
            values.add(part.get(Math.min(i, part.size() - 1)).owner());
        }
        if (sql.renewReturns()) {
            return new HashSet<>(connection.list(0, sql.renew(marks), row -> row.getString(1), values.toArray()));
        }
        if (connection.update(sql.renew(marks), values.toArray()) == part.size()) {
            Set<String> all = new HashSet<>();
            part.forEach(grant -> all.add(grant.owner()));
            return all;
        }
        Object[] without = values.subList(1, values.size()).toArray();
        return new HashSet<>(connection.list(0, sql.stillHeld(marks), row -> row.getString(1), without));
    }
}
