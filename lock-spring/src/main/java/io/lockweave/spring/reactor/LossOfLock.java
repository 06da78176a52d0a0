package io.lockweave.spring.reactor;

import io.lockweave.LockLostException;
import io.lockweave.spi.container.LockedCall;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Cancels what runs under a lock that is lost, if the method wants to be interrupted then, and fails in its place. */
final class LossOfLock {

    /** The subscription to what the method returned; {@code takeUntilOther} alone would leave it running. */
    private final Disposable.Swap running = Disposables.swap();

    private final Sinks.Empty<Void> lost = Sinks.empty();

    LossOfLock(LockedCall.Hold hold) {
        hold.interruptWhenLost(this::happened);
    }

    private void happened(LockLostException why) {
        running.dispose();
        lost.tryEmitError(why);
    }

    <T> Mono<T> cut(Mono<T> body) {
        return body.doOnSubscribe(own -> running.update(own::cancel)).takeUntilOther(lost.asMono());
    }

    <T> Flux<T> cut(Flux<T> body) {
        return body.doOnSubscribe(own -> running.update(own::cancel)).takeUntilOther(lost.asMono());
    }
}
