package io.lockweave.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockHolder;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockPlace;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.ApplicationLocks;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ActuatorTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingActuatorAutoConfiguration.class));

    private ApplicationContextRunner freeing() {
        return application.withPropertyValues(
                "management.endpoints.web.exposure.include=locks", "lockweave.endpoint.force-release=true");
    }

    /** Numbers of JavaScript end at 2^53. */
    @Test
    void a_fence_is_told_as_text_and_what_no_store_knows_is_not_told() {
        long fence = (1L << 53) + 1;
        LockHolder holder = new LockHolder("owner", LockPlace.parse("host"), LockMode.EXCLUSIVE, fence, null, null);
        LockReport report = LockReport.of(new LockInfo("user[1]", "jdbc", List.of(holder), List.of(), -1, false), null);
        assertThat(report.holders())
                .singleElement()
                .extracting(LockReport.Holder::fence)
                .isEqualTo("9007199254740993");
        assertThat(report.waitersElsewhere()).isNull();
        assertThat(LockReport.of(new LockInfo("user[1]", "redis", List.of(), List.of(), 2, false), null)
                        .waitersElsewhere())
                .isEqualTo(2);
    }

    @Test
    void http_shows_locks_only_when_told_to() {
        application.run(context -> assertThat(context).doesNotHaveBean(LocksEndpoint.class));
        application
                .withPropertyValues("management.endpoints.web.exposure.include=locks")
                .run(context -> assertThat(context).hasSingleBean(LocksEndpoint.class));
        assertThat(LocksEndpoint.class.getAnnotation(Endpoint.class).defaultAccess())
                .isEqualTo(Access.READ_ONLY);
    }

    @Test
    void it_lists_locks_shows_one_and_frees_one() {
        freeing().run(context -> {
            FreeingLocksEndpoint endpoint = context.getBean(FreeingLocksEndpoint.class);
            HeldLock held = context.getBean(Locks.class).acquire(LockKey.of("file", "a/b"));

            assertThat(endpoint.all().locks()).singleElement().satisfies(report -> {
                assertThat(report.key()).contains("file").contains("a/b");
                assertThat(report.address()).isEqualTo("file/a/b");
                assertThat(report.backend()).isEqualTo("local");
                assertThat(report.holders()).singleElement().satisfies(holder -> assertThat(holder.place())
                        .contains(Thread.currentThread().getName()));
            });
            assertThat(endpoint.one(new String[] {"file", "a", "b"})).isNotNull();
            assertThat(endpoint.one(new String[] {"file"})).isNull();
            assertThat(endpoint.release(new String[] {"file", "a", "b"})).containsEntry("released", true);
            assertThat(endpoint.release(new String[] {"file", "a", "b"})).containsEntry("released", false);
            assertThatThrownBy(held::ensureHeld).isInstanceOf(LockLostException.class);
            held.close();
        });
    }

    @Test
    void it_knows_the_locks_of_all_backends_in_use() {
        freeing()
                .withBean("own", Locks.class, () -> Locks.builder(new OtherBackend())
                        .build())
                .withPropertyValues("lockweave.backend=local")
                .run(context -> {
                    FreeingLocksEndpoint endpoint = context.getBean(FreeingLocksEndpoint.class);
                    LockKey key = LockKey.of("file", "a");
                    HeldLock held = context.getBean("own", Locks.class).acquire(key);
                    HeldLock local =
                            context.getBean(ApplicationLocks.class).get("local").acquire(key);

                    assertThat(endpoint.all().locks())
                            .extracting(LockReport::backend)
                            .containsExactlyInAnyOrder("other", "local");
                    local.close();
                    assertThat(endpoint.one(new String[] {"file", "a"}))
                            .satisfies(report -> assertThat(report.backend()).isEqualTo("other"));
                    assertThat(endpoint.release(new String[] {"file", "a"})).containsEntry("released", true);
                    assertThat(held.isLost()).isTrue();
                    held.close();
                });
    }

    @Test
    void a_store_that_does_not_answer_is_named_and_hides_no_other() {
        freeing()
                .withBean("silent", Locks.class, () -> Locks.builder(SilentStore.connect())
                        .build())
                .withPropertyValues("lockweave.backend=local")
                .run(context -> {
                    Locks local = context.getBean(ApplicationLocks.class).get("local");
                    HeldLock held = local.acquire(LockKey.of("file", "a"));

                    LocksReport report = context.getBean(LocksEndpoint.class).all();

                    assertThat(report.locks()).extracting(LockReport::backend).containsExactly("local");
                    assertThat(report.backends())
                            .extracting(LocksReport.Backend::name, LocksReport.Backend::problem)
                            .containsExactlyInAnyOrder(tuple("local", null), tuple("silent", "It does not answer"));
                    held.close();
                });
    }

    @Test
    void it_knows_what_was_lost_and_waited_for() {
        freeing().run(context -> {
            Locks locks = context.getBean(Locks.class);
            HeldLock held = locks.acquire(LockKey.of("file", "a"));
            LockOptions briefly = LockOptions.defaults().waitTime(Duration.ofMillis(100));
            assertThat(CompletableFuture.supplyAsync(() -> locks.tryAcquire(LockKey.of("file", "a"), briefly))
                            .get(10, TimeUnit.SECONDS))
                    .isEmpty();
            locks.forceRelease(LockKey.of("file", "a"));
            LocksEndpoint endpoint = context.getBean(LocksEndpoint.class);

            await().until(() -> !endpoint.all().lost().isEmpty());
            assertThat(endpoint.all().lost()).singleElement().satisfies(lost -> assertThat(lost.key())
                    .isEqualTo("lockweave/file[a]"));
            assertThat(endpoint.all().contended()).containsExactly(new LocksReport.Contended("file", 1, 1));
            held.close();
        });
    }

    /** Local locks by another name. */
    private static final class OtherBackend implements LockBackend {

        @Override
        public String name() {
            return "other";
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
}
