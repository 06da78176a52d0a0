package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.aop.LockedAdvisor;
import io.lockweave.spring.backend.ApplicationLocks;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The starter, with nothing but auto-configuration. */
class BootTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, LockingAutoConfiguration.class))
            .withBean(Points.class)
            .withBean(Tenants.class);

    @Configuration
    @EnableLocking(order = 5)
    static class EnabledByHand {}

    @Test
    void locked_methods_run_locked_in_this_process_when_nothing_is_configured() {
        application.run(context -> {
            assertThat(context).hasSingleBean(Locks.class);
            assertThat(context.getBean(Locks.class).backend()).isEqualTo("local");
            assertThat(AopUtils.isCglibProxy(context.getBean(Points.class))).isTrue();
            assertThat(context.getBean(Points.class).add("ann")).isPositive();
        });
    }

    private static void environment(ConfigurableApplicationContext context, Map<String, Object> variables) {
        context.getEnvironment()
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }

    @Test
    void environment_variables_configure_too_and_unknown_ones_are_no_error() {
        Map<String, Object> variables = Map.of(
                "LOCKWEAVE_WAIT_TIME", "3s",
                "LOCKWEAVE_LOCKS_USER_ENABLED", "false",
                "LOCKWEAVE_LOCKS_USER_LEASE_TIME", "7s",
                "LOCKWEAVE_OF_SOMEBODY_ELSE", "x");
        application.withInitializer(context -> environment(context, variables)).run(context -> {
            LockweaveConfig config = context.getBean(LockweaveConfig.class);
            assertThat(config.waitTime()).hasSeconds(3);
            assertThat(config.locks("user").enabled()).isFalse();
            assertThat(config.locks("user").leaseTime()).hasSeconds(7);
            assertThat(config.locks("order").enabled()).isTrue();
        });
    }

    @Test
    void a_wrong_value_in_an_environment_variable_of_a_name_stops_the_start() {
        application
                .withInitializer(
                        context -> environment(context, Map.of("LOCKWEAVE_LOCKS_USER_LEASE_TIME", "7 parsecs")))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("7 parsecs"));
    }

    @Test
    void a_wrong_property_stops_the_start_with_an_analysis() {
        application.withPropertyValues("lockweave.lease-tme=3s").run(context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new LockUsageFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).contains("lockweave.lease-tme");
            assertThat(analysis.getAction()).contains("Did you mean \"lease-time\"");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lockweave.integration.renewal=soon",
                "lockweave.integration.timeout=soon",
                "lockweave.metrics.enabled=flase",
                "lockweave.metrics.most-names=0",
                "lockweave.observations.enabled=ture",
                "lockweave.test.local-only=yes",
                "lockweave.web.enabled=off",
                "lockweave.web.retry-after=soon"
            })
    void a_wrong_value_stops_the_start_although_nobody_here_reads_it(String property) {
        application.withPropertyValues(property).run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(property.split("=")[0])
                .hasMessageContaining(property.split("=")[1]));
    }

    @Test
    void a_backend_bean_is_the_primary_one_without_any_property() {
        application.withBean(LockBackend.class, () -> new Named("mine")).run(context -> assertThat(
                        context.getBean(Locks.class).backend())
                .isEqualTo("mine"));
    }

    @Test
    void of_several_backend_beans_the_property_chooses_and_annotations_may_name_any() {
        ApplicationContextRunner two = application
                .withBean("one", LockBackend.class, () -> new Named("one"))
                .withBean("two", LockBackend.class, () -> new Named("two"));
        two.withPropertyValues("lockweave.backend=two", "lockweave.locks.user.backend=one")
                .run(context -> {
                    assertThat(context.getBean(Locks.class).backend()).isEqualTo("two");
                    assertThat(context.getBean(ApplicationLocks.class)
                                    .get("one")
                                    .backend())
                            .isEqualTo("one");
                    assertThat(context.getBean(Points.class).add("ann")).isPositive();
                });
        two.run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("one, two")
                    .hasMessageContaining("lockweave.backend");
        });
    }

    @Test
    void an_application_that_enables_locking_itself_is_left_alone() {
        application.withUserConfiguration(EnabledByHand.class).run(context -> {
            assertThat(context).hasSingleBean(LockedAdvisor.class);
            assertThat(context.getBean(LockedAdvisor.class).getOrder()).isEqualTo(5);
        });
    }

    @Test
    void a_woven_application_refuses_beans_that_are_not_woven() {
        application.withPropertyValues("lockweave.mode=aspectj").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("not woven")
                    .hasMessageContaining("Points.add");
        });
    }

    @Test
    void a_mode_that_does_not_exist_stops_the_start() {
        application.withPropertyValues("lockweave.mode=magic").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("magic");
        });
    }

    @Test
    void words_that_decide_what_is_there_are_read_as_they_stand() {
        for (String property : List.of("mode", "metrics.enabled", "observations.enabled", "web.enabled")) {
            String name = "lockweave." + property;
            Map<String, Object> withBlank = Map.of(name, property.equals("mode") ? "proxy " : "true ");
            application
                    .withInitializer(context -> context.getEnvironment()
                            .getPropertySources()
                            .addFirst(new MapPropertySource("blank", withBlank)))
                    .run(context -> assertThat(context.getStartupFailure())
                            .as(name)
                            .rootCause()
                            .isInstanceOf(LockUsageException.class)
                            .hasMessageContaining(name));
        }
    }

    @Test
    void locked_methods_that_nothing_locks_stop_the_start() {
        new ApplicationContextRunner()
                .withUserConfiguration(LockingConfiguration.class)
                .withBean("points", Points.class)
                .run(context -> assertThat(context.getStartupFailure())
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("points")
                        .hasMessageContaining("neither"));
    }

    /** Local locks by another name. */
    private record Named(String name, LocalBackend local) implements LockBackend {

        Named(String name) {
            this(name, new LocalBackend());
        }

        @Override
        public java.util.Set<io.lockweave.spi.Capability> capabilities() {
            return local.capabilities();
        }

        @Override
        public void close() {
            local.close();
        }
    }
}
