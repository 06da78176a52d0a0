package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.jdbc.FailingDataSource;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.connection.Connections;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
        List<LogRecord> told = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                    told.add(record);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.lockweave.jdbc");
        logger.addHandler(handler);
        try (CleanUp cleanUp = new CleanUp(
                connections,
                sql,
                new ExclusiveRow(sql, new DatabaseClock(Duration.ofSeconds(5))),
                new GroupRows(sql),
                Duration.ZERO)) {
            failing.fail(true);
            cleanUp.runInTurn();
            cleanUp.runInTurn();
            assertThat(told).isEmpty();
            cleanUp.runInTurn();
            assertThat(told).hasSize(1);
            assertThat(told.get(0).getMessage()).contains("3 times in a row");
            failing.fail(false);
            cleanUp.runInTurn();
            failing.fail(true);
            cleanUp.runInTurn();
            assertThat(told).as("it worked in between").hasSize(1);
        } finally {
            logger.removeHandler(handler);
        }
    }
}
