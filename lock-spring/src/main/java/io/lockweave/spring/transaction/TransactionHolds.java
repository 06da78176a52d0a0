package io.lockweave.spring.transaction;

import io.lockweave.spi.container.LockedCall;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one reactive transaction holds until it has ended. Among listeners of one order the one registered last comes
 * last, so this registers again when the end begins. Safe for use from any thread.
 */
final class TransactionHolds extends LastInOrder {

    private final TransactionSynchronizationManager manager;
    private final OpenTransactions flow;
    private final Queue<LockedCall.Hold> holds = new ConcurrentLinkedQueue<>();
    private volatile boolean again;
    private volatile boolean over;

    TransactionHolds(TransactionSynchronizationManager manager, OpenTransactions flow) {
        this.manager = manager;
        this.flow = flow;
    }

    /**
     * Keeps one more.
     *
     * @throws IllegalStateException if the transaction has ended
     */
    void keep(LockedCall.Hold hold) {
        holds.add(hold);
        if (isOver()) {
            throw new IllegalStateException("The transaction has ended");
        }
    }

    boolean isOver() {
        return over || !manager.isSynchronizationActive();
    }

    @Override
    public Mono<Void> beforeCommit(boolean readOnly) {
        return Mono.fromRunnable(() -> holds.forEach(LockedCall.Hold::ensureHeld));
    }

    /** After a commit that was refused, what is to come is settled already. */
    @Override
    public Mono<Void> beforeCompletion() {
        return Mono.fromRunnable(() -> {
            if (!again && manager.isSynchronizationActive()) {
                manager.registerSynchronization(new LastInOrder() {
                    @Override
                    public Mono<Void> afterCompletion(int status) {
                        return end();
                    }
                });
                again = true;
            }
        });
    }

    @Override
    public Mono<Void> afterCompletion(int status) {
        return Mono.defer(() -> again ? Mono.empty() : end());
    }

    /** Gives all of them back; what has been given back stays so. */
    Mono<Void> end() {
        return Flux.defer(() -> {
                    over = true;
                    flow.remove(this);
                    return Flux.fromIterable(holds);
                })
                .concatMap(hold -> Mono.fromFuture(hold.end(), true).onErrorComplete())
                .then();
    }
}
