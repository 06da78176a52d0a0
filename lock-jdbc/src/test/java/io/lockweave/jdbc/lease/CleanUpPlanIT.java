package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;

/** How PostgreSQL reads the lock table when it is cleaned up. */
class CleanUpPlanIT {

    private static final String TABLE = "lockweave_plan_test";

    /**
     * Nothing of it is dead, and a page ends all the same. Planned for all rows it would read and sort the whole table
     * for each page of it.
     */
    @Test
    void theCleanUpReadsATableOfAnySizeAlongItsPrimaryKey() throws Exception {
        JdbcBackend.lease(TestDatabase.POSTGRESQL.pool())
                .table(TABLE)
                .initializeSchema(true)
                .build()
                .close();
        TestDatabase.POSTGRESQL.execute(
                "insert into " + TABLE
                        + " select md5(i::text) || md5(i::text), '-', 'n', 'E', 1, '-', '-', 1, 1,"
                        + " 0, 9000000000000000, 0, 0 from generate_series(1, 20000) i",
                "analyze " + TABLE);
        StringBuilder plan = new StringBuilder();
        try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection()) {
            TableName name = TableName.of(TABLE, connection.getMetaData());
            Dialect postgres = Dialects.named("postgresql");
            LeaseSql sql = new LeaseSql(postgres, name, postgres.clock(name));
            try (PreparedStatement explain =
                    connection.prepareStatement("explain (analyze, timing off, summary off) " + sql.dead)) {
                explain.setString(1, "3");
                explain.setLong(2, 0);
                try (ResultSet line = explain.executeQuery()) {
                    while (line.next()) {
                        plan.append(line.getString(1)).append('\n');
                    }
                }
            }
        }
        assertThat(plan).contains("Rows Removed by Filter: 500\n");
        assertThat(plan).contains("Index Scan").doesNotContain("Sort").doesNotContain("Seq Scan");
    }
}
