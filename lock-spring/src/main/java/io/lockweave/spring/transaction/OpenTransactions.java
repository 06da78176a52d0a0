package io.lockweave.spring.transaction;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * The transactions of one flow that keep locks, in its Reactor context. What they keep ends at the latest with the
 * outermost of them: a manager tells nobody that the transaction is over if one who hears of the commit fails. Safe for
 * use from any thread.
 */
final class OpenTransactions {

    private final Set<TransactionHolds> open = ConcurrentHashMap.newKeySet();

    void add(TransactionHolds kept) {
        open.add(kept);
    }

    void remove(TransactionHolds kept) {
        open.remove(kept);
    }

    /** Those of this context; where nothing stands around the transactions nobody asks for them again. */
    static OpenTransactions of(ContextView context) {
        return context.hasKey(OpenTransactions.class) ? context.get(OpenTransactions.class) : new OpenTransactions();
    }

    /** Stands around a result in a transaction, if it is a reactive one. */
    static @Nullable Object around(@Nullable Object result) {
        if (result instanceof Mono<?> mono) {
            return around(mono);
        }
        return result instanceof Flux<?> flux ? around(flux) : result;
    }

    /** Not when it is cancelled: the rollback is still to come then, and ends what is kept. */
    static <T> Mono<T> around(Mono<T> transaction) {
        return Mono.deferContextual(context -> {
            if (context.hasKey(OpenTransactions.class)) {
                return transaction;
            }
            OpenTransactions all = new OpenTransactions();
            return transaction.doOnTerminate(all::end).contextWrite(inner -> inner.put(OpenTransactions.class, all));
        });
    }

    static <T> Flux<T> around(Flux<T> transaction) {
        return Flux.deferContextual(context -> {
            if (context.hasKey(OpenTransactions.class)) {
                return transaction;
            }
            OpenTransactions all = new OpenTransactions();
            return transaction.doOnTerminate(all::end).contextWrite(inner -> inner.put(OpenTransactions.class, all));
        });
    }

    private void end() {
        open.forEach(kept -> kept.end().subscribe());
    }
}
