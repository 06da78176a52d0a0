package io.lockweave.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Renewal;
import io.lockweave.spring.LockingAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;
import org.springframework.integration.util.CheckedRunnable;

/** Spring Integration's registries as a backend, and our locks as a registry. */
class IntegrationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingIntegrationAutoConfiguration.class))
            .withBean(Wallet.class);

    /** Locks as every registry can. */
    static class Wallet {

        @Locked(name = "user", key = "#user")
        long add(String user) {
            return HeldLock.current().orElseThrow().fence();
        }
    }

    @Test
    void a_registry_is_a_backend_when_it_is_asked_for_and_only_then() {
        ApplicationContextRunner withRegistry =
                application.withBean("registry", DefaultLockRegistry.class, DefaultLockRegistry::new);
        withRegistry.run(
                context -> assertThat(context.getBean(Locks.class).backend()).isEqualTo("local"));
        withRegistry
                .withPropertyValues("lockweave.backend=integration", "lockweave.wait-time=10ms")
                .run(context -> {
                    Locks locks = context.getBean(Locks.class);
                    Wallet points = context.getBean(Wallet.class);
                    assertThat(locks.backend()).isEqualTo("integration");
                    assertThat(points.add("ann")).isPositive();
                    Lock direct = context.getBean(DefaultLockRegistry.class)
                            .obtain(LockKey.of("user", "ann").in("lockweave").fingerprint());
                    direct.lock();
                    assertThatThrownBy(() -> points.add("ann")).isInstanceOf(LockUnavailableException.class);
                    assertThat(locks.isLocked(LockKey.of("user", "ann"))).isTrue();
                    direct.unlock();
                    assertThat(points.add("ann")).isPositive();
                });
    }

    @Test
    void of_several_registries_one_has_to_be_named_and_it_has_to_be_there() {
        ApplicationContextRunner two = application
                .withPropertyValues("lockweave.backend=integration")
                .withBean("one", DefaultLockRegistry.class, DefaultLockRegistry::new)
                .withBean("two", DefaultLockRegistry.class, DefaultLockRegistry::new);
        two.withPropertyValues("lockweave.integration.registry=two")
                .run(context -> assertThat(context).hasNotFailed());
        two.run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("one, two"));
        two.withPropertyValues("lockweave.integration.registry=three")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("three"));
    }

    @Test
    void without_a_registry_the_backend_is_refused() {
        application.withPropertyValues("lockweave.backend=integration").run(context -> assertThat(
                        context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("integration"));
    }

    @Test
    void our_locks_are_a_registry_whose_keys_locked_methods_share() {
        application.withPropertyValues("lockweave.wait-time=10ms").run(context -> {
            Locks locks = context.getBean(Locks.class);
            LockweaveLockRegistry registry = new LockweaveLockRegistry(locks, "user");
            Wallet points = context.getBean(Wallet.class);

            registry.obtain("ann").lock();
            registry.obtain("ann").lock();
            registry.obtain("ann").unlock();
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> points.add("ann"))
                            .get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(LockUnavailableException.class);
            registry.obtain("ann").unlock();
            assertThat(CompletableFuture.supplyAsync(() -> points.add("ann")).get(10, TimeUnit.SECONDS))
                    .isPositive();
            assertThatThrownBy(() -> registry.obtain("ann").unlock()).isInstanceOf(IllegalMonitorStateException.class);

            HeldLock other = LockScope.named("other").call(() -> locks.acquire(LockKey.of("user", "ann")));
            assertThat(registry.obtain("ann").tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
            other.close();
            registry.obtain("ann").lock();
            locks.forceRelease(LockKey.of("user", "ann"));
            assertThatThrownBy(() -> registry.obtain("ann").unlock())
                    .isInstanceOfAny(LockLostException.class, IllegalMonitorStateException.class);
            assertThat(locks.inspect()).isEmpty();
        });
    }

    @Test
    void our_registry_is_no_backend_of_our_own() {
        application
                .withPropertyValues("lockweave.backend=integration")
                .withBean("registry", DefaultLockRegistry.class, DefaultLockRegistry::new)
                .withBean(
                        "ours",
                        LockweaveLockRegistry.class,
                        () -> new LockweaveLockRegistry(Locks.local(), "integration"))
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("integration"));
    }

    @Test
    void spring_integrations_own_way_to_run_work_under_a_registrys_lock_works() throws Throwable {
        try (Locks locks = Locks.local()) {
            LockweaveLockRegistry registry = new LockweaveLockRegistry(locks, "integration");
            CompletableFuture<Boolean> seen = new CompletableFuture<>();

            CheckedRunnable<RuntimeException> work =
                    () -> seen.complete(locks.isLocked(LockKey.of("integration", "a")));
            registry.executeLocked("a", work);

            assertThat(seen).isCompletedWithValue(true);
            assertThat(locks.isLocked(LockKey.of("integration", "a"))).isFalse();
        }
    }

    /** A registry whose locks are forgotten unless they are renewed. */
    @SuppressWarnings("rawtypes") // the types have parameters since Spring Integration 7 only
    static final class Forgetful implements RenewableLockRegistry {

        private final DefaultLockRegistry locks = new DefaultLockRegistry();
        private final AtomicInteger renewals = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile boolean down;
        private volatile boolean forgotten;

        @Override
        public Lock obtain(Object key) {
            return locks.obtain(key);
        }

        @Override
        public void renewLock(Object key) {
            if (down) {
                refusals.incrementAndGet();
                throw new UnsupportedOperationException("down");
            }
            if (forgotten) {
                throw new IllegalStateException("forgotten");
            }
            renewals.incrementAndGet();
        }

        /** New in Spring Integration 7. */
        public void renewLock(Object key, Duration ttl) {
            throw new AssertionError("not called");
        }
    }

    @Test
    void a_registry_with_a_time_to_live_is_renewed_and_what_it_forgot_is_lost() {
        Forgetful registry = new Forgetful();
        LockRegistryStore store = new LockRegistryStore(registry, Duration.ofSeconds(5), Duration.ofMillis(5));
        try (Locks locks = Locks.builder(store).build()) {
            HeldLock held = locks.acquire(LockKey.of("user", "ann"));
            AtomicInteger losses = new AtomicInteger();
            held.onLost(lost -> losses.incrementAndGet());

            await().until(() -> registry.renewals.get() > 2);
            registry.down = true;
            await().until(() -> registry.refusals.get() > 2);
            registry.down = false;
            int before = registry.renewals.get();
            await().until(() -> registry.renewals.get() > before);
            assertThat(held.isHeld()).isTrue();
            registry.forgotten = true;

            await().until(held::isLost);
            await().until(() -> losses.get() == 1);
            registry.forgotten = false;
            held.close();
            locks.acquire(LockKey.of("user", "ann")).close();
        }
    }

    @Test
    void a_lock_that_the_engine_gave_up_comes_free() {
        DefaultLockRegistry registry = new DefaultLockRegistry();
        LockRegistryStore store = new LockRegistryStore(registry, Duration.ofSeconds(5), Duration.ofMillis(5));
        LockKey key = LockKey.of("user", "ann");
        try {
            Claim lostWithoutRelease = new Claim(
                    key,
                    LockMode.EXCLUSIVE,
                    1,
                    false,
                    "a",
                    Duration.ofMillis(300),
                    1,
                    false,
                    new LockPlace("here", 1, "main"));
            Attempt attempt = store.tryAcquire(lostWithoutRelease);
            assertThat(attempt).isInstanceOf(Attempt.Granted.class);
            AtomicInteger losses = new AtomicInteger();
            store.onLost((owner, why) -> losses.incrementAndGet());

            assertThat(store.renew(List.of(((Attempt.Granted) attempt).grant()), Duration.ofMillis(400)))
                    .containsExactly(Renewal.HELD);
            await().until(() -> store.find(key).isEmpty());

            await().until(() -> losses.get() == 1);
            assertThat(registry.obtain(key.fingerprint()).tryLock()).isTrue();
        } finally {
            store.close();
        }
    }

    @Test
    void a_leader_is_elected_with_our_registry_and_another_one_when_it_goes() {
        try (Locks locks = Locks.local()) {
            LockweaveLockRegistry registry = new LockweaveLockRegistry(locks, "leader");
            LockRegistryLeaderInitiator one =
                    new LockRegistryLeaderInitiator(registry, new DefaultCandidate("1", "boss"));
            LockRegistryLeaderInitiator two =
                    new LockRegistryLeaderInitiator(registry, new DefaultCandidate("2", "boss"));
            one.setHeartBeatMillis(20);
            two.setHeartBeatMillis(20);
            one.start();
            await().until(() -> one.getContext().isLeader());
            two.start();
            await().until(() ->
                    !locks.inspect(LockKey.of("leader", "boss")).waiters().isEmpty());
            assertThat(two.getContext().isLeader()).isFalse();

            one.stop();
            await().until(() -> two.getContext().isLeader());
            assertThat(one.getContext().isLeader()).isFalse();
            two.stop();
            await().until(() -> !locks.isLocked(LockKey.of("leader", "boss")));
        }
    }
}
