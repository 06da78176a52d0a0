package io.lockweave.spring.transaction;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.reactive.TransactionCallback;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stands inside of reactive transactions: what is subscribed to in there first tells its transaction of the locks
 * around it, which its Reactor context names, so that it cannot commit once one of them is lost.
 */
final class ReactorCommits implements MethodInterceptor {

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object result = invocation.proceed();
        if (result instanceof Mono<?> mono) {
            return checked(mono);
        }
        return result instanceof Flux<?> flux ? checked(flux) : result;
    }

    private static <T> Mono<T> checked(Mono<T> body) {
        return Mono.deferContextual(context -> context.hasKey(CommitChecks.class)
                ? SpringReactorTransactions.check(context.get(CommitChecks.class))
                        .then(body)
                : body);
    }

    private static <T> Flux<T> checked(Flux<T> body) {
        return Flux.deferContextual(context -> context.hasKey(CommitChecks.class)
                ? SpringReactorTransactions.check(context.get(CommitChecks.class))
                        .thenMany(body)
                : body);
    }

    /** Transactions that the program begins itself. */
    record Operator(TransactionalOperator transactions) implements TransactionalOperator {

        @Override
        public <T> Mono<T> transactional(Mono<T> mono) {
            return OpenTransactions.around(transactions.transactional(checked(mono)));
        }

        @Override
        public <T> Flux<T> execute(TransactionCallback<T> action) {
            return OpenTransactions.around(
                    transactions.execute(status -> checked(Flux.from(action.doInTransaction(status)))));
        }
    }
}
