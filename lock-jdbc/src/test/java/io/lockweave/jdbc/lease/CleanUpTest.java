package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.jdbc.FailingDataSource;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.Warnings;
import io.lockweave.jdbc.connection.Connections;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.TableName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who is told that the clean-up fails. */
class CleanUpTest {

    @Test
    void failuresAreToldAfterThree() throws Exception {
        JdbcBackend.lease(TestDatabase.H2.pool())
                .table("cleaned_lock")
                .initializeSchema(true)
                .build()
                .close();
        FailingDataSource failing = new FailingDataSource(TestDatabase.H2.pool());
        Connections connections = new Connections(failing, Duration.ofMillis(50));
        Dialect h2 = Dialects.named("h2");
        LeaseSql sql;
        try (var connection = TestDatabase.H2.pool().getConnection()) {
            TableName name = TableName.of("cleaned_lock", connection.getMetaData());
            sql = new LeaseSql(h2, name, h2.clock(name));
        }
        try (Warnings told = new Warnings("io.lockweave.jdbc");
                CleanUp cleanUp = new CleanUp(
                        connections,
                        sql,
                        new ExclusiveRow(sql, new DatabaseClock(Duration.ofSeconds(5))),
                        new GroupRows(sql),
                        Duration.ZERO)) {
            failing.fail(true);
            cleanUp.runInTurn();
            cleanUp.runInTurn();
            assertThat(told.messages()).isEmpty();
            cleanUp.runInTurn();
            assertThat(told.messages()).hasSize(1);
            assertThat(told.messages().get(0)).contains("3 times in a row");
            failing.fail(false);
            cleanUp.runInTurn();
            failing.fail(true);
            cleanUp.runInTurn();
            assertThat(told.messages()).as("it worked in between").hasSize(1);
        }
    }
}
