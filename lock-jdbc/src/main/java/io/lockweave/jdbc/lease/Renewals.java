package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Renews many leases in one statement. */
final class Renewals {

    private final LeaseSql sql;

    Renewals(LeaseSql sql) {
        this.sql = sql;
    }

    List<Renewal> renew(OpenConnection connection, List<Grant> grants, Duration lease) throws SQLException {
        Set<String> held = new HashSet<>();
        for (OwnerMarks part : OwnerMarks.of(grants)) {
            held.addAll(renewPart(connection, part, ClaimRows.micros(lease)));
        }
        return grants.stream()
                .map(grant -> held.contains(grant.owner()) ? Renewal.HELD : Renewal.LOST)
                .toList();
    }

    private List<String> renewPart(OpenConnection connection, OwnerMarks part, long lease) throws SQLException {
        List<Object> values = new ArrayList<>(part.values());
        values.add(0, lease);
        if (sql.renewReturns()) {
            return connection.list(0, sql.renew(part.count()), row -> row.getString(1), values.toArray());
        }
        if (connection.update(sql.renew(part.count()), values.toArray())
                == part.grants().size()) {
            return part.grants().stream().map(Grant::owner).toList();
        }
        return connection.list(
                0,
                sql.stillHeld(part.count()),
                row -> row.getString(1),
                part.values().toArray());
    }
}
