package io.lockweave.spring.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Whoever creates the lock table does so before it is looked for. */
class SchemaOrderTest {

    @ParameterizedTest
    @CsvSource({
        "script, spring.sql.init.mode, always, spring.sql.init.schema-locations, classpath:lock-table.sql",
        "flyway, spring.flyway.enabled, true, spring.flyway.locations, classpath:lock-table-flyway",
        "liquibase, spring.liquibase.enabled, true, spring.liquibase.change-log, classpath:lock-table-liquibase.sql"
    })
    void the_lock_table_is_there_when_locks_begin(
            String name, String switchedOn, String on, String location, String where) {
        try (ConfigurableApplicationContext application = new SpringApplicationBuilder(OnlyLocks.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .properties(Map.of(
                        "spring.datasource.url", "jdbc:h2:mem:schema-" + name,
                        "spring.flyway.enabled", "false",
                        "spring.liquibase.enabled", "false",
                        "lockweave.backend", "jdbc"))
                .run("--" + switchedOn + "=" + on, "--" + location + "=" + where)) {
            Locks locks = application.getBean(Locks.class);
            assertThat(locks.backend()).isEqualTo("jdbc");
            locks.run(LockKey.of("any", 1), () -> {});
        }
    }

    /** No bean of it but locks asks for the database. */
    @Configuration
    @EnableAutoConfiguration(
            exclude = {HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class})
    static class OnlyLocks {}
}
