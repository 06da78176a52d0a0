package io.lockweave.spring.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockResultException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.subjects.SingleSubject;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** RxJava's types, Mutiny's and plain publishers: each subscription takes the lock and ends it. */
@Timeout(60)
class OtherReactiveLibrariesTest {

    private static final LockKey KEY = LockKey.of("user", "ann");

    @Configuration
    @EnableLocking
    static class Application {

        @Bean
        Points points() {
            return new Points();
        }
    }

    private AnnotationConfigApplicationContext context;
    private Points points;
    private Locks locks;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        points = context.getBean(Points.class);
        locks = context.getBean(Locks.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void nothing_runs_before_it_is_subscribed_to_and_everything_runs_under_the_lock() {
        Single<String> single = points.single();
        Completable completable = points.completable();
        assertThat(points.calls()).isZero();
        assertThat(single.blockingGet()).isEqualTo("user[ann]");
        completable.blockingAwait();
        assertThat(points.maybe().blockingGet()).isEqualTo("user[ann]");
        assertThat(points.observable().toList().blockingGet()).isEqualTo(List.of("user[ann]", "more"));
        assertThat(points.flowable().toList().blockingGet()).isEqualTo(List.of("user[ann]", "more"));
        assertThat(Flux.from(points.publisher()).collectList().block()).isEqualTo(List.of("user[ann]"));
        assertThat(Flux.from(FlowAdapters.toPublisher(points.flow()))
                        .collectList()
                        .block())
                .isEqualTo(List.of("user[ann]"));
        Uni<String> uni = points.uni();
        assertThat(uni.await().atMost(Duration.ofSeconds(30))).isEqualTo("user[ann]");
        assertThat(points.multi().collect().asList().await().atMost(Duration.ofSeconds(30)))
                .isEqualTo(List.of("user[ann]", "more"));
        assertThat(points.calls()).isEqualTo(9);
        eventuallyFree();
    }

    @Test
    void the_lock_is_held_until_the_result_is_there_and_others_wait() {
        SingleSubject<String> own = SingleSubject.create();
        var first = points.waiting(own).test();
        assertThat(locks.isLocked(KEY)).isTrue();
        points.waiting(Single.just("second"))
                .test()
                .awaitDone(30, TimeUnit.SECONDS)
                .assertError(LockUnavailableException.class);
        own.onSuccess("done");
        first.awaitDone(30, TimeUnit.SECONDS).assertValue("done");
        eventuallyFree();
    }

    @Test
    void a_uni_is_held_until_its_item_is_there_and_a_cancelled_one_gives_the_lock_back() {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> first = points.waitingUni(() -> own).subscribeAsCompletionStage();
        assertThat(locks.isLocked(KEY)).isTrue();
        points.waiting(Single.just("second"))
                .test()
                .awaitDone(30, TimeUnit.SECONDS)
                .assertError(LockUnavailableException.class);
        own.complete("done");
        assertThat(first.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo("done");
        eventuallyFree();

        CompletableFuture<String> cancelled =
                points.waitingUni(CompletableFuture::new).subscribeAsCompletionStage();
        assertThat(locks.isLocked(KEY)).isTrue();
        cancelled.cancel(true);
        eventuallyFree();
    }

    /** What a type does not tell is found when it is there. */
    @Test
    void a_response_that_carries_a_publisher_is_an_error() {
        assertThatThrownBy(() -> points.respond(ResponseEntity.ok(Mono.just("later"))))
                .isInstanceOf(LockResultException.class)
                .hasMessageContaining("goes on working although its lock is released");
        assertThat(points.respond(ResponseEntity.ok("done")).getBody()).isEqualTo("done");
    }

    @Test
    void a_failure_comes_out_as_it_is_and_a_cancelled_subscription_gives_the_lock_back() {
        IOException failure = new IOException("own");
        points.waiting(Single.error(failure))
                .test()
                .awaitDone(30, TimeUnit.SECONDS)
                .assertError(failure);
        eventuallyFree();
        var cancelled = points.waiting(SingleSubject.create()).test();
        assertThat(locks.isLocked(KEY)).isTrue();
        cancelled.dispose();
        eventuallyFree();
    }

    @Test
    void a_skipped_method_is_empty_where_its_type_can_be() {
        try (HeldLock held = locks.acquire(KEY)) {
            assertThat(points.skippingMaybe().isEmpty().blockingGet()).isTrue();
            points.skippingSingle().test().awaitDone(30, TimeUnit.SECONDS).assertError(LockUsageException.class);
        }
    }

    @Test
    void results_of_web_controllers_that_go_on_working_stop_the_start() {
        for (Class<?> type : List.of(
                ReturnsDeferredResult.class,
                ReturnsEmitter.class,
                ReturnsStreamingBody.class,
                ReturnsEntityOfMono.class,
                ReturnsOwnSingle.class)) {
            assertThatThrownBy(() -> new AnnotationConfigApplicationContext(Application.class, type).close())
                    .as(type.getSimpleName())
                    .hasStackTraceContaining("goes on working after the method has returned");
        }
    }

    private void eventuallyFree() {
        await().atMost(Duration.ofSeconds(10)).until(() -> !locks.isLocked(KEY));
    }

    /** A service of RxJava. */
    static class Points {

        private final AtomicInteger calls = new AtomicInteger();

        int calls() {
            return calls.get();
        }

        private String key() {
            calls.incrementAndGet();
            return HeldLock.current().map(held -> held.key().toString()).orElse("unlocked");
        }

        @Locked(name = "user", key = "'ann'")
        Single<String> single() {
            return Single.just(key());
        }

        @Locked(name = "user", key = "'ann'")
        Completable completable() {
            return key().equals("user[ann]") ? Completable.complete() : Completable.error(new AssertionError());
        }

        @Locked(name = "user", key = "'ann'")
        Maybe<String> maybe() {
            return Maybe.just(key());
        }

        @Locked(name = "user", key = "'ann'")
        Observable<String> observable() {
            return Observable.just(key(), "more");
        }

        @Locked(name = "user", key = "'ann'")
        Flowable<String> flowable() {
            return Flowable.just(key(), "more");
        }

        @Locked(name = "user", key = "'ann'")
        Publisher<String> publisher() {
            return Mono.just(key());
        }

        @Locked(name = "user", key = "'ann'")
        Flow.Publisher<String> flow() {
            return FlowAdapters.toFlowPublisher(Mono.just(key()));
        }

        @Locked(name = "user", key = "'ann'")
        Uni<String> uni() {
            return Uni.createFrom().item(key());
        }

        @Locked(name = "user", key = "'ann'")
        Multi<String> multi() {
            return Multi.createFrom().items(key(), "more");
        }

        @Locked(name = "user", key = "'ann'")
        Uni<String> waitingUni(Supplier<CompletableFuture<String>> own) {
            return Uni.createFrom().completionStage(own);
        }

        @Locked(name = "user", key = "'ann'")
        ResponseEntity<?> respond(ResponseEntity<?> response) {
            return response;
        }

        @Locked(name = "user", key = "'ann'", waitTime = "100ms")
        Single<String> waiting(Single<String> own) {
            return own;
        }

        @Locked(name = "user", key = "'ann'", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP)
        Maybe<String> skippingMaybe() {
            return Maybe.just("ran");
        }

        @Locked(name = "user", key = "'ann'", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP)
        Single<String> skippingSingle() {
            return Single.just("ran");
        }
    }

    static class ReturnsDeferredResult {
        @Locked(name = "x")
        DeferredResult<String> result() {
            return new DeferredResult<>();
        }
    }

    static class ReturnsEmitter {
        @Locked(name = "x")
        SseEmitter result() {
            return new SseEmitter();
        }
    }

    static class ReturnsStreamingBody {
        @Locked(name = "x")
        StreamingResponseBody result() {
            return out -> {};
        }
    }

    static class ReturnsEntityOfMono {
        @Locked(name = "x")
        ResponseEntity<Mono<String>> result() {
            return ResponseEntity.ok(Mono.empty());
        }
    }

    static class ReturnsOwnSingle {
        @Locked(name = "x")
        SingleSubject<String> result() {
            return SingleSubject.create();
        }
    }
}
