package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Settings that do nothing are told when the application starts. */
class UnusedSettingsTest {

    private final LogLines log = new LogLines("io.lockweave.spring");

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class))
            .withPropertyValues("lockweave.backend=local")
            .withBean(Points.class)
            .withBean(Tenants.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    static class Api {

        @Locked(name = "user", key = "#id", permits = 3)
        public void call(String id) {}
    }

    @Test
    void a_name_that_is_nearly_one_is_warned_of_once() {
        application
                .withPropertyValues("lockweave.locks.usr.wait-time=1s", "lockweave.locks.usr.lease-time=1m")
                .run(context -> assertThat(log.warnings())
                        .containsExactly("No @Locked method of a bean has the name \"usr\", for which"
                                + " lockweave.locks.usr.* is set; did you mean \"user\"? To fix it: correct the name,"
                                + " or remove the property."));
    }

    @Test
    void a_name_that_methods_have_or_that_a_program_may_lock_itself_is_not() {
        application
                .withPropertyValues(
                        "lockweave.locks.user.wait-time=1s",
                        "lockweave.locks.nightly-report.enabled=false",
                        "lockweave.locks.imports.wait-time=1s")
                .run(context -> assertThat(log.warnings()).isEmpty());
    }

    @Test
    void two_numbers_of_permits_for_one_name_stop_the_start() {
        application.withBean(Api.class).run(context -> assertThat(context.getStartupFailure())
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Api.call(String) has permits = 3")
                .hasMessageContaining("for the name \"user\""));
    }
}
