package io.lockweave.spring.transaction;

import io.lockweave.LockScope;
import io.lockweave.spi.container.LockedCall;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * The reactive transactions that results are subscribed to in.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public interface ReactorTransactions {

    /** The transaction active in the subscriber's context; empty if none is. */
    Mono<Active> current();

    /** One running transaction. */
    interface Active {

        /**
         * Whose locks are those taken in this transaction: the first caller's choice, the same for all further ones.
         */
        LockScope scope(Supplier<LockScope> first);

        /** Gives the lock back after commit or rollback; commits no more once it is lost. */
        void keep(LockedCall.Hold hold);

        /** Whether it has ended, so that nothing can be kept for it any more. */
        boolean isOver();
    }
}
