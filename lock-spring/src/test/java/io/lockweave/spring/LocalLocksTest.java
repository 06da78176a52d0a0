package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.test.LocalLocks;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.TestPropertySource;

/** The annotation for tests, asked of Spring's test framework without the extension of one JUnit version. */
class LocalLocksTest {

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }

    @LocalLocks
    @ContextConfiguration(classes = Application.class)
    @TestPropertySource(
            properties = {"lockweave.backend=redis", "lockweave.locks.user.backend=redis", "lockweave.wait-time=10ms"})
    static class ApplicationTest {}

    @Test
    void all_locks_are_local_and_a_test_can_make_them_busy() throws Exception {
        TestContextManager manager = new TestContextManager(ApplicationTest.class);
        var context = manager.getTestContext().getApplicationContext();
        Locks locks = context.getBean(Locks.class);
        Points points = context.getBean(Points.class);

        assertThat(locks.backend()).isEqualTo("local");
        assertThat(points.add("ann")).isPositive();
        HeldLock other = LockScope.named("other").call(() -> locks.acquire(LockKey.of("user", "ann")));
        assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockUnavailableException.class);
        other.close();
        assertThat(points.add("ann")).isPositive();
        manager.getTestContext().markApplicationContextDirty(null);
    }
}
