package io.lockweave.spring.transaction;

import io.lockweave.Locked;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reactive methods under a lock, in transactions of several kinds. */
public class ReactiveLedger {

    @Locked(name = "ledger", key = "1", waitTime = "2s")
    public <T> Mono<T> locked(Mono<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "#one")
    public <T> Mono<T> lockedOne(int one, Mono<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", waitTime = "2s")
    public <T> Flux<T> lockedAll(Flux<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", waitTime = "2s")
    @Transactional
    public <T> Mono<T> write(Mono<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", waitTime = "2s")
    @Transactional
    public <T> Flux<T> writeAll(Flux<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", onLost = Locked.OnLost.WARN)
    @Transactional
    public <T> Mono<T> writeAndOnlyWarn(Mono<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", until = Locked.Until.RETURN)
    public <T> Mono<T> lockedUntilReturn(Mono<T> body) {
        return body;
    }

    @Locked(name = "ledger", key = "1", until = Locked.Until.TRANSACTION)
    public <T> Mono<T> lockedUntilTransaction(Mono<T> body) {
        return body;
    }

    @Transactional
    public <T> Mono<T> inTransaction(Mono<T> body) {
        return body;
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public <T> Mono<T> inNewTransaction(Mono<T> body) {
        return body;
    }
}
