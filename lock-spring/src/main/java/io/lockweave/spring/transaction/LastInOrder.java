package io.lockweave.spring.transaction;

import org.springframework.core.Ordered;
import org.springframework.transaction.reactive.TransactionSynchronization;

/** After whatever else the application does before the commit of a reactive transaction and after it. */
abstract class LastInOrder implements TransactionSynchronization, Ordered {

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
