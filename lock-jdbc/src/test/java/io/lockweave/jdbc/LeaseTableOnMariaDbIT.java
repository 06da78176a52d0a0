package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockBackendException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseTableOnMariaDbIT extends LeaseTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Override
    int statementsOfAClaim() {
        return 1;
    }

    @Override
    List<String> timeZones() {
        return List.of("set time_zone = '+09:00'", "set time_zone = '-05:00'");
    }

    @Test
    void aUserThatMayOnlyReadIsToldWhatItLacks() {
        store().close();
        database()
                .execute(
                        "create or replace user reader identified by 'reader'",
                        "create or replace user reader@localhost identified by 'reader'",
                        "grant select on " + TABLE + " to reader",
                        "grant select on " + TABLE + " to reader@localhost");
        String url = database().url().replace("user=root", "user=reader&password=reader");
        try (HikariDataSource reader = TestDatabase.newPool(url, 1)) {
            assertThatThrownBy(() -> JdbcBackend.lease(reader).table(TABLE).build())
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isFalse())
                    .hasMessageContaining("INSERT")
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE");
        }
    }
}
