package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.Claims;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.LeaseBuilder;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.LeaseTable;
import io.lockweave.jdbc.dialect.TableName;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DialectsTest {

    private static DatabaseMetaData metaData(String product, String version) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                DialectsTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getDatabaseProductName" -> product;
                    case "getDatabaseProductVersion" -> version;
                    case "getIdentifierQuoteString" -> "\"";
                    default -> false;
                });
    }

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, 18.6, postgresql",
        "MySQL, 9.1.0, mysql",
        "MySQL, 5.5.5-11.4.5-MariaDB, mariadb",
        "MariaDB, 11.4.5-MariaDB, mariadb",
        "H2, 2.4.240, h2",
        "HSQL Database Engine, 2.7.3, hsqldb",
        "Apache Derby, 10.16.1.1, derby",
        "SQLite, 3.53, sqlite",
        "Oracle, 23, oracle",
        "Microsoft SQL Server, 16, sqlserver",
        "dBase, 4, portable"
    })
    void databasesAreKnownByTheirMetadata(String product, String version, String id) throws Exception {
        assertThat(Dialects.detect(metaData(product, version)).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql",
                "mysql",
                "mariadb",
                "h2",
                "hsqldb",
                "derby",
                "sqlite",
                "oracle",
                "sqlserver",
                "portable"
            })
    void everyDatabaseHasItsStatementsAndItsSchema(String id) throws Exception {
        Dialect database = Dialects.named(id);
        TableName name = TableName.of("shop.locks", metaData(id, "1"));
        LeaseSql sql = new LeaseSql(database, name, database.clock(name));
        assertThat(new Schema(database, name, sql).ddl())
                .contains(
                        "create table",
                        "\"shop\".\"locks\"",
                        LeaseTable.ALL_COLUMNS.split(", *")[0])
                .doesNotContain("${");
        assertThat(sql.take + sql.release + sql.list(5) + sql.renew(2))
                .contains("\"shop\".\"locks\"")
                .doesNotContain("${");
        assertThat(database.id()).isEqualTo(id);
    }

    @Test
    void anUnknownDatabaseIsServedByStandardSql() {
        try (var store = JdbcBackend.lease(TestDatabase.H2.pool())
                .table("portable_lock")
                .dialect("portable")
                .initializeSchema(true)
                .build()) {
            var grant = Claims.granted(store, Claims.of(Claims.newKey()));
            assertThat(Claims.isBusy(store, grant.key())).isTrue();
            assertThat(store.release(grant)).isTrue();
        }
        try (var store = JdbcBackend.lease(TestDatabase.SQLITE.pool())
                .table("portable_lock")
                .dialect("portable")
                .clock("cast(unixepoch('subsec') * 1000000 as integer)")
                .initializeSchema(true)
                .build()) {
            var grant = Claims.granted(store, Claims.of(Claims.newKey()));
            assertThat(store.find(grant.key()).orElseThrow().holders().get(0).leaseLeft())
                    .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(61));
        }
        assertThatThrownBy(() -> JdbcBackend.lease(TestDatabase.H2.pool())
                        .table("portable_lock")
                        .dialect("portable")
                        .clock("no_such_function()")
                        .build())
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("clock");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        LeaseBuilder builder = JdbcBackend.lease(TestDatabase.H2.pool());
        assertThatThrownBy(() -> builder.keepFree(Duration.ofSeconds(59))).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO)).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> JdbcBackend.session(TestDatabase.H2.pool()).timeout(Duration.ofSeconds(-1)))
                .isInstanceOf(LockUsageException.class);
    }
}
