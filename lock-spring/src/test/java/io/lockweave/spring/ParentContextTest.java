package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.jdbc.LockingJdbcAutoConfiguration;
import io.lockweave.spring.redis.LockingRedisAutoConfiguration;
import io.lockweave.testservers.redis.RedisServer;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Contexts with parents: beans above are found, and what a context has itself comes first. */
class ParentContextTest {

    private final ApplicationContextRunner parent = new ApplicationContextRunner();
    private final ApplicationContextRunner locking = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LockingAutoConfiguration.class,
                    LockingJdbcAutoConfiguration.class,
                    LockingRedisAutoConfiguration.class));

    /** Says the name that its context gives to locks. */
    public static class Counter {

        @Locked(name = "${app}")
        public String count() {
            return HeldLock.current().orElseThrow().key().name();
        }
    }

    @Configuration
    static class Counting {

        @Bean
        Counter counter() {
            return new Counter();
        }
    }

    private static JdbcConnectionPool database() {
        return JdbcConnectionPool.create("jdbc:h2:mem:parent" + System.nanoTime(), "sa", "");
    }

    /** A backend that says it is another one. */
    private static final class Named implements LockBackend {

        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Set<Capability> capabilities() {
            return new LocalBackend().capabilities();
        }

        @Override
        public void close() {
            // nothing was opened
        }
    }

    @Test
    void a_data_source_of_the_parent_is_locked_with() {
        parent.withBean(DataSource.class, ParentContextTest::database).run(above -> locking.withParent(above)
                .withPropertyValues("lockweave.jdbc.initialize-schema=true")
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("jdbc")));
    }

    @Test
    void the_backend_asked_for_finds_the_data_source_of_the_parent() {
        parent.withBean("first", DataSource.class, ParentContextTest::database)
                .withBean("second", DataSource.class, ParentContextTest::database)
                .run(above -> locking.withParent(above)
                        .withPropertyValues(
                                "lockweave.backend=jdbc",
                                "lockweave.jdbc.data-source=second",
                                "lockweave.jdbc.initialize-schema=true")
                        .run(context -> assertThat(context).hasNotFailed()));
    }

    @Test
    void a_redis_connection_of_the_parent_is_locked_with() {
        try (RedisServer server = RedisServer.launch()) {
            parent.withBean(
                            LettuceConnectionFactory.class,
                            () -> new LettuceConnectionFactory(
                                    new RedisStandaloneConfiguration("127.0.0.1", server.port())))
                    .run(above -> locking.withParent(above).run(context -> assertThat(
                                    context.getBean(Locks.class).backend())
                            .isEqualTo("redis")));
        }
    }

    @Test
    void locks_and_backends_of_the_parent_are_used_and_those_of_the_context_first() {
        Locks above = Locks.builder(new Named("above")).build();
        parent.withBean("own", Locks.class, () -> above)
                .run(outer -> locking.withParent(outer).run(context -> {
                    assertThat(context.getBean(Locks.class).backend()).isEqualTo("above");
                    locking.withParent(outer)
                            .withBean("inner", Locks.class, () -> Locks.builder(new Named("above"))
                                    .build())
                            .run(inner -> assertThat(inner.getBean(Locks.class)).isNotSameAs(above));
                }));
        parent.withBean("backend", LockBackend.class, () -> new Named("shelf")).run(outer -> locking.withParent(outer)
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("shelf")));
    }

    @Test
    void with_locking_in_both_each_uses_its_own_properties_beans_and_checks() {
        locking.withUserConfiguration(Counting.class)
                .withPropertyValues("app=parent")
                .run(above -> locking.withParent(above)
                        .withUserConfiguration(Counting.class)
                        .withPropertyValues("app=child", "lockweave.namespace=child")
                        .run(context -> {
                            assertThat(context.getBean(Counter.class).count()).isEqualTo("child");
                            assertThat(above.getBean(Counter.class).count()).isEqualTo("parent");
                            assertThat(context.getBean(Locks.class)).isNotSameAs(above.getBean(Locks.class));
                        }));
    }

    @Test
    void a_child_that_closes_leaves_its_parent_its_locks() {
        locking.withUserConfiguration(Counting.class)
                .withPropertyValues("app=parent")
                .run(above -> {
                    locking.withParent(above)
                            .withUserConfiguration(Counting.class)
                            .withPropertyValues("app=child")
                            .run(context -> context.getBean(Counter.class).count());
                    assertThat(above.getBean(Counter.class).count()).isEqualTo("parent");
                });
    }

    @Test
    void a_property_that_looks_like_ours_stops_the_start() {
        locking.withPropertyValues("lockwave.backend=redis").run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("Property lockwave.backend (test) looks like one of Lockweave");
        });
    }
}
