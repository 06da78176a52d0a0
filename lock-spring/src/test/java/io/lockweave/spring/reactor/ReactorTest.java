package io.lockweave.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableAsync;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Methods that return Mono, Flux and futures. */
@Timeout(60)
class ReactorTest {

    private static final LockKey ANN = LockKey.of("user", "ann");
    private static final Duration SOON = Duration.ofSeconds(10);

    @Configuration
    @EnableLocking
    @EnableAsync
    static class Application {

        @Bean
        ReactivePoints points() {
            return new ReactivePoints();
        }
    }

    private AnnotationConfigApplicationContext context;
    private ReactivePoints points;
    private Locks locks;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        points = context.getBean(ReactivePoints.class);
        locks = context.getBean(Locks.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private ReactivePoints target() {
        return (ReactivePoints) org.springframework.test.util.AopTestUtils.getTargetObject(points);
    }

    private void eventuallyFree() {
        await().atMost(SOON).until(() -> !locks.isLocked(ANN));
    }

    /** The one thread of the loop also ends every hold: if any subscription blocked it, none would ever end. */
    @Test
    void a_thousand_on_one_key_and_one_event_loop_thread_are_all_served_and_never_block_it() {
        Scheduler loop = Schedulers.newParallel("loop", 1);
        try {
            Flux.range(0, 1_000)
                    .flatMap(i -> points.add("ann", loop).subscribeOn(loop), 1_000)
                    .then()
                    .block(Duration.ofSeconds(50));
        } finally {
            loop.dispose();
        }

        assertThat(target().points).isEqualTo(1_000);
        assertThat(target().overlapped).isFalse();
        eventuallyFree();
    }

    @Test
    void nothing_is_locked_or_called_before_the_subscription() {
        Mono<Integer> mono = points.add("ann", Schedulers.parallel());

        assertThat(locks.isLocked(ANN)).isFalse();
        assertThat(target().calls).hasValue(0);
        assertThat(mono.block(SOON)).isEqualTo(1);
        assertThat(mono.block(SOON)).isEqualTo(2);
        assertThat(target().calls).hasValue(2);
    }

    @Test
    void two_subscriptions_of_one_mono_exclude_each_other() {
        Mono<Integer> mono = points.add("ann", Schedulers.parallel());

        Mono.zip(mono, mono, mono).block(SOON);

        assertThat(target().overlapped).isFalse();
        assertThat(target().points).isEqualTo(3);
    }

    @Test
    void the_lock_is_held_until_the_mono_completes_and_given_back_before_its_value_arrives() {
        Sinks.One<String> body = Sinks.one();
        CompletableFuture<Boolean> lockedOnValue = points.mono("ann", body.asMono())
                .map(value -> locks.isLocked(ANN))
                .toFuture();

        assertThat(locks.isLocked(ANN)).isTrue();
        body.tryEmitValue("done");
        assertThat(lockedOnValue
                        .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
                .isFalse();
    }

    @Test
    void the_lock_is_held_until_the_flux_ends() {
        Sinks.Many<String> body = Sinks.many().unicast().onBackpressureBuffer();
        CompletableFuture<java.util.List<String>> all =
                points.flux("ann", body.asFlux()).collectList().toFuture();

        body.tryEmitNext("one");
        assertThat(locks.isLocked(ANN)).isTrue();
        body.tryEmitNext("two");
        body.tryEmitComplete();
        assertThat(all.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join())
                .containsExactly("one", "two");
        eventuallyFree();
    }

    @Test
    void cancelling_gives_the_lock_back() {
        Disposable running = points.mono("ann", Mono.never()).subscribe();
        assertThat(locks.isLocked(ANN)).isTrue();

        running.dispose();

        eventuallyFree();
    }

    @Test
    void a_flux_that_is_cancelled_or_cut_off_gives_the_lock_back() {
        Disposable running = points.flux("ann", Flux.never()).subscribe();
        assertThat(locks.isLocked(ANN)).isTrue();
        running.dispose();
        eventuallyFree();

        assertThat(points.flux("ann", Flux.just("one").repeat())
                        .take(2)
                        .collectList()
                        .block(SOON))
                .containsExactly("one", "one");
        eventuallyFree();
    }

    @Test
    void a_subscriber_that_fails_gives_the_lock_back() {
        assertThatThrownBy(() -> points.flux("ann", Flux.just("one", "two"))
                        .map(value -> {
                            throw new IllegalStateException("downstream");
                        })
                        .blockLast(SOON))
                .hasMessage("downstream");
        eventuallyFree();
    }

    @Test
    void cancelling_a_wait_leaves_nothing_behind() {
        Disposable holder = points.mono("ann", Mono.never()).subscribe();
        Disposable waiter = points.add("ann", Schedulers.parallel()).subscribe();
        assertThat(locks.inspect(ANN).waiters()).hasSize(1);

        waiter.dispose();
        await().atMost(SOON).until(() -> locks.inspect(ANN).waiters().isEmpty());
        holder.dispose();

        eventuallyFree();
        assertThat(target().calls).hasValue(0);
    }

    @Test
    void an_inner_method_re_enters_on_whatever_thread() {
        String value = points.mono(
                        "ann",
                        Mono.just("x")
                                .publishOn(Schedulers.boundedElastic())
                                .flatMap(x ->
                                        points.mono("ann", Mono.just("inner").publishOn(Schedulers.parallel()))))
                .block(SOON);

        assertThat(value).isEqualTo("inner");
        eventuallyFree();
    }

    @Test
    void branches_side_by_side_under_an_outer_lock_exclude_each_other() {
        points.batch("1", Flux.range(0, 5).flatMap(i -> points.add("ann", Schedulers.parallel())))
                .blockLast(SOON);

        assertThat(target().overlapped).isFalse();
        assertThat(target().points).isEqualTo(5);
        eventuallyFree();
    }

    @Test
    void branches_that_begin_where_the_outer_method_is_called_exclude_each_other_too() {
        Mono<Integer> one = points.add("ann", Schedulers.parallel());
        points.batch("1", Flux.defer(() -> Flux.merge(one, one, points.add("ann", Schedulers.parallel()))))
                .blockLast(SOON);

        assertThat(target().overlapped).isFalse();
        assertThat(target().points).isEqualTo(3);
    }

    @Test
    void each_branch_re_enters_what_is_locked_around_it_and_what_it_locked_itself() {
        Flux<String> inner = points.batch(
                "1",
                points.mono(
                                "ann",
                                points.batch("1", points.flux("ann", Flux.just("inner")))
                                        .next())
                        .flux());

        assertThat(points.batch("1", inner).collectList().block(SOON)).containsExactly("inner");
        eventuallyFree();
    }

    @Test
    void what_runs_instead_of_a_busy_method_re_enters_what_is_locked_around_it() {
        Disposable holder = points.mono("ann", Mono.never()).subscribe();

        assertThat(points.batch("1", points.fallingBack("ann").concatWith(points.batch("1", Flux.just("inner"))))
                        .collectList()
                        .block(SOON))
                .containsExactly("busy", "user", "inner");
        holder.dispose();
        eventuallyFree();
    }

    @Test
    void a_busy_lock_is_an_error_a_skip_or_the_fallback() {
        Disposable holder = points.mono("ann", Mono.never()).subscribe();

        assertThatThrownBy(() -> points.mono("ann", Mono.just("x")).block(SOON))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(points.skipping("ann").blockOptional(SOON)).isEmpty();
        assertThat(points.fallingBack("ann").collectList().block(SOON)).containsExactly("busy", "user");
        holder.dispose();
        eventuallyFree();
        assertThat(points.skipping("ann").block(SOON)).isEqualTo("ran");
    }

    @Test
    void the_methods_own_failure_arrives_unchanged() {
        IOException own = new IOException("own");

        assertThatThrownBy(() -> points.mono("ann", Mono.error(own)).block(SOON))
                .hasRootCause(own);
        LockUnavailableException ofAnother = LockUnavailableException.closed(LockKey.of("other"), Duration.ZERO);
        assertThatThrownBy(() -> points.mono("ann", Mono.error(ofAnother)).block(SOON))
                .isSameAs(ofAnother);
        eventuallyFree();
    }

    @Test
    void a_lock_lost_meanwhile_is_an_error_at_the_end_or_at_once() {
        Sinks.One<String> body = Sinks.one();
        CompletableFuture<String> later = points.mono("ann", body.asMono()).toFuture();
        locks.forceRelease(ANN);
        assertThat(later).isNotDone();
        body.tryEmitValue("done");
        assertThatThrownBy(() -> later.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
                .hasCauseInstanceOf(LockLostException.class);
        assertThatThrownBy(() -> points.flux("ann", Flux.defer(() -> {
                            locks.forceRelease(ANN);
                            return Flux.just("done");
                        }))
                        .blockLast(SOON))
                .isInstanceOf(LockLostException.class);
    }

    @Test
    void a_method_that_wants_to_be_interrupted_is_cancelled_when_its_lock_is_lost() {
        AtomicInteger cancelled = new AtomicInteger();
        Mono<String> never = Mono.<String>never().doOnCancel(cancelled::incrementAndGet);
        Flux<String> first =
                Flux.concat(Mono.just("first"), Mono.<String>never()).doOnCancel(cancelled::incrementAndGet);

        for (Mono<?> method : List.of(
                points.interruptible("ann", never),
                points.interruptibleFlux("ann", first).collectList())) {
            CompletableFuture<?> atOnce = method.toFuture();
            locks.forceRelease(ANN);
            assertThatThrownBy(() -> atOnce.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                            .join())
                    .hasRootCauseInstanceOf(LockLostException.class);
        }
        assertThat(cancelled).hasValue(2);
    }

    @Test
    void a_caller_that_holds_the_lock_as_a_thread_is_somebody_else() throws Exception {
        try (var held = LockScope.named("blocking caller").call(() -> locks.acquire(ANN))) {
            assertThatThrownBy(() -> points.mono("ann", Mono.just("x")).block(SOON))
                    .isInstanceOf(LockUnavailableException.class);
        }
    }

    @Test
    void a_thread_that_blocks_for_a_method_that_waits_for_its_own_lock_is_a_deadlock_at_once() {
        try (HeldLock held = locks.acquire(ANN)) {
            Mono<Integer> mono = points.add("ann", Schedulers.parallel());
            assertThatThrownBy(mono::block)
                    .isInstanceOf(LockDeadlockException.class)
                    .hasMessageContaining("wants lockweave/user[ann]");
            assertThatThrownBy(() -> mono.map(i -> i + 1).flux().blockLast(SOON))
                    .isInstanceOf(LockDeadlockException.class);
            assertThatThrownBy(() -> points.batch("1", mono.flux()).blockFirst(SOON))
                    .isInstanceOf(LockDeadlockException.class);

            CompletableFuture<Integer> notBlocked = mono.toFuture();
            await().until(() -> !locks.inspect(ANN).waiters().isEmpty());
            assertThat(held.isHeld()).isTrue();
            held.close();
            assertThat(notBlocked.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(1);
        }
    }

    /** The lock is taken on the executor's thread, inside of @Async, and held until the future completes. */
    @Test
    void an_async_method_is_locked_until_its_future_completes() {
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<String> outer = points.async("ann", () -> inner);
        await().atMost(SOON).until(() -> locks.isLocked(ANN));

        inner.complete("done");

        assertThat(outer.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join())
                .isEqualTo("done");
        eventuallyFree();
    }
}
