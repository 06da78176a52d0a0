package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockEvent;
import io.lockweave.LockListener;
import io.lockweave.Locked;
import io.lockweave.spring.jdbc.LockingJdbcAutoConfiguration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** A job on several nodes, as for people who come from ShedLock. */
class ScheduledTest {

    private static final String DATABASE = "jdbc:h2:mem:jobs;DB_CLOSE_DELAY=-1";

    @Configuration
    @EnableScheduling
    static class Scheduling {}

    /** One node's job. */
    static class Report {

        private final AtomicInteger runs;
        private final CountDownLatch ran = new CountDownLatch(1);

        Report(AtomicInteger runs) {
            this.runs = runs;
        }

        @Scheduled(fixedRate = 20)
        @Locked(name = "nightly-report", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP, holdAtLeast = "1m")
        void run() {
            runs.incrementAndGet();
            ran.countDown();
        }

        boolean hasRun() throws InterruptedException {
            return ran.await(20, TimeUnit.SECONDS);
        }
    }

    /** How often a node came late. */
    static class Skips implements LockListener {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void onEvent(LockEvent event) {
            if (event.type() == LockEvent.Type.UNAVAILABLE) {
                count.incrementAndGet();
            }
        }
    }

    private static ApplicationContextRunner node(AtomicInteger runs) {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(LockingAutoConfiguration.class, LockingJdbcAutoConfiguration.class))
                .withUserConfiguration(Scheduling.class)
                .withBean(
                        DataSource.class,
                        () -> JdbcConnectionPool.create(DATABASE, "sa", ""),
                        definition -> definition.setDestroyMethodName("dispose"))
                .withBean(Skips.class)
                .withBean(Report.class, () -> new Report(runs))
                .withPropertyValues("lockweave.jdbc.initialize-schema=true");
    }

    @Test
    void of_two_nodes_one_runs_the_job_and_both_skip_it_for_as_long_as_it_is_held_at_least() {
        AtomicInteger runs = new AtomicInteger();
        node(runs).run(one -> {
            assertThat(one.getBean(Report.class).hasRun()).isTrue();
            node(runs).run(two -> {
                Skips here = one.getBean(Skips.class);
                Skips there = two.getBean(Skips.class);
                await().until(() -> here.count.get() > 1 && there.count.get() > 1);
                assertThat(runs).hasValue(1);
            });
        });
    }
}
