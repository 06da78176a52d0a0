package io.lockweave.jdbc.lease;

import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.spi.Grant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Releases the own rows of several keys in one statement. */
final class JointReleases {

    private final LeaseSql sql;

    JointReleases(LeaseSql sql) {
        this.sql = sql;
    }

    /** For each grant, in order, whether it was held until now. */
    List<Boolean> release(OpenConnection connection, List<Grant> grants) throws SQLException {
        Set<String> released = new HashSet<>();
        for (OwnerMarks part : OwnerMarks.of(grants)) {
            released.addAll(releasePart(connection, part));
        }
        return grants.stream().map(grant -> released.contains(grant.owner())).toList();
    }

    /** Again, after a try whose outcome is unknown; nothing if it cannot be told which of them were held. */
    Optional<List<Boolean>> repeat(OpenConnection connection, List<Grant> grants) throws SQLException {
        release(connection, grants);
        Set<String> released = new HashSet<>();
        for (OwnerMarks part : OwnerMarks.of(grants)) {
            released.addAll(released(connection, part));
        }
        boolean all = grants.stream().allMatch(grant -> released.contains(grant.owner()));
        return all ? Optional.of(grants.stream().map(grant -> true).toList()) : Optional.empty();
    }

    private List<String> releasePart(OpenConnection connection, OwnerMarks part) throws SQLException {
        if (sql.mark != null) {
            List<Object> values = new ArrayList<>(part.values());
            values.addAll(List.of(sql.channels().prefix(), sql.channels().common()));
            return connection.list(0, sql.releaseAll(part.count()), row -> row.getString(1), values.toArray());
        }
        int count =
                connection.update(sql.releaseAll(part.count()), part.values().toArray());
        return count == part.grants().size()
                ? part.grants().stream().map(Grant::owner).toList()
                : released(connection, part);
    }

    private List<String> released(OpenConnection connection, OwnerMarks part) throws SQLException {
        return connection.list(
                0,
                sql.released(part.count()),
                row -> row.getString(1),
                part.values().toArray());
    }
}
