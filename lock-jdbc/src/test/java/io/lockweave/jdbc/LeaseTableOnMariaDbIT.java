package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** What an assignment sees of those before it depends on the mode, and ORACLE includes that one. */
    @ParameterizedTest
    @ValueSource(strings = {"SIMULTANEOUS_ASSIGNMENT", "ORACLE", "ANSI", "TRADITIONAL", ""})
    void theModeOfTheServerDoesNotMatter(String mode) throws Exception {
        store().close();
        try (HikariDataSource pool =
                        database().newPool(4, config -> config.setConnectionInitSql("set sql_mode = '" + mode + "'"));
                LockStore store = JdbcBackend.lease(pool).table(TABLE).build();
                Locks locks = Locks.builder(store).build()) {
            for (LockMode lockMode : new LockMode[] {LockMode.EXCLUSIVE, LockMode.SHARED}) {
                LockKey key = Claims.newKey();
                long fence = 0;
                for (int round = 0; round < 3; round++) {
                    Grant grant = Claims.granted(store, Claims.of(key, lockMode, Duration.ofMinutes(1)));
                    assertThat(grant.fence()).isGreaterThan(fence);
                    fence = grant.fence();
                    assertThat(Claims.isBusy(store, key)).as("round %d", round).isTrue();
                    assertThat(Claims.granted(store, grant.claim()).fence()).isEqualTo(fence);
                    assertThat(store.renew(List.of(grant), Duration.ofMinutes(1)))
                            .containsExactly(Renewal.HELD);
                    assertThat(store.release(grant)).isTrue();
                }
            }
            LockKey key = Claims.newKey();
            FutureTask<Integer> calls = start(() -> {
                for (int round = 0; round < 3; round++) {
                    locks.run(key, LockOptions.defaults().waitTime(Duration.ofSeconds(2)), () -> {});
                }
                return 3;
            });
            assertThat(calls.get(20, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }
}
