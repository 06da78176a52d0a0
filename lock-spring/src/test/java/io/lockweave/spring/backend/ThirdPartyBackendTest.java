package io.lockweave.spring.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.Locks;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.actuate.SilentStore;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A backend that somebody else wrote, and that is made from beans of the application. */
class ThirdPartyBackendTest {

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class));

    /** What such a module has as its auto-configuration's bean. */
    record Source(boolean choosesItself, Supplier<LockBackend> client) implements BackendSource {

        @Override
        public String name() {
            return "silent";
        }

        @Override
        public boolean available(BackendSettings settings) {
            return true;
        }

        @Override
        public LockBackend open(BackendSettings settings) {
            return client.get();
        }
    }

    @Test
    void it_is_chosen_by_property() {
        application
                .withBean(BackendSource.class, () -> new Source(false, SilentStore::connect))
                .withPropertyValues("lockweave.backend=silent")
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("silent"));
    }

    @Test
    void it_chooses_itself_where_it_is_the_only_one() {
        application
                .withBean(BackendSource.class, () -> new Source(true, SilentStore::connect))
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("silent"));
    }

    @Test
    void it_is_not_made_unless_it_is_used() {
        application
                .withBean(
                        BackendSource.class,
                        () -> new Source(false, () -> {
                            throw new IllegalStateException("made");
                        }))
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("local"));
    }

    @Test
    void the_choice_is_listed_where_it_was_misspelled() {
        application
                .withBean(BackendSource.class, () -> new Source(false, SilentStore::connect))
                .withPropertyValues("lockweave.backend=slient")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("slient")
                        .hasMessageContaining("silent"));
    }
}
