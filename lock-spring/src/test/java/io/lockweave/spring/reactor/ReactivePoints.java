package io.lockweave.spring.reactor;

import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.scheduling.annotation.Async;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Points changed by reading and writing, in reactive methods. */
public class ReactivePoints {

    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    volatile boolean overlapped;
    int points;

    @Locked(name = "user", key = "#user", waitTime = "forever")
    public Mono<Integer> add(String user, Scheduler loop) {
        calls.incrementAndGet();
        return Mono.defer(() -> {
                    enter();
                    int before = points;
                    return Mono.delay(Duration.ofNanos(10_000), loop).map(tick -> {
                        points = before + 1;
                        return points;
                    });
                })
                .doOnTerminate(inside::decrementAndGet);
    }

    @Locked(name = "batch", key = "#batch")
    public <T> Flux<T> batch(String batch, Flux<T> body) {
        return body;
    }

    @Locked(name = "user", key = "#user", waitTime = "100ms")
    public Mono<String> mono(String user, Mono<String> body) {
        return body;
    }

    @Locked(name = "user", key = "#user", waitTime = "100ms")
    public Flux<String> flux(String user, Flux<String> body) {
        return body;
    }

    @Locked(name = "user", key = "#user", waitTime = "0", onUnavailable = Locked.OnUnavailable.SKIP)
    public Mono<String> skipping(String user) {
        return Mono.just("ran");
    }

    @Locked(
            name = "user",
            key = "#user",
            waitTime = "0",
            onUnavailable = Locked.OnUnavailable.FALLBACK,
            fallback = "busy")
    public Flux<String> fallingBack(String user) {
        return Flux.just("ran");
    }

    Flux<String> busy(String user, LockUnavailableException failure) {
        return Flux.just("busy", failure.key().name());
    }

    @Locked(name = "user", key = "#user", onLost = Locked.OnLost.INTERRUPT)
    public Mono<String> interruptible(String user, Mono<String> body) {
        return body;
    }

    @Locked(name = "user", key = "#user", waitTime = "10s", onLost = Locked.OnLost.INTERRUPT)
    public Flux<String> interruptibleFlux(String user, Flux<String> body) {
        return body;
    }

    @Async
    @Locked(name = "user", key = "#user", waitTime = "5s")
    public CompletableFuture<String> async(String user, Supplier<CompletableFuture<String>> body) {
        return body.get();
    }

    private void enter() {
        if (inside.incrementAndGet() > 1) {
            overlapped = true;
        }
    }
}
