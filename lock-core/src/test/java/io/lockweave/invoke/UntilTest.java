package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockLostException;
import io.lockweave.Lockweave;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.TransactionBoundary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code until}: locks that end with the transaction of the thread. */
class UntilTest extends RecordedCalls {

    @Test
    void theLockOfATransactionIsReleasedAfterItAndNotWhenTheMethodReturns() throws Exception {
        Transaction transaction = new Transaction();
        Lockweave.use(environment(Optional.of(transaction)));

        points.untilTransaction();
        assertThat(locks.log()).containsExactly("acquire x", "body");
        transaction.complete();
        assertThat(locks.log()).containsExactly("acquire x", "body", "release");

        locks.log().clear();
        points.wholeName();
        assertThat(locks.log()).containsExactly("acquire report", "body");

        locks.log().clear();
        points.untilReturn();
        assertThat(locks.log()).containsExactly("acquire x", "body", "release");
    }

    @Test
    void aTransactionWhoseLockWasLostMayNotCommit() throws Exception {
        Transaction transaction = new Transaction();
        Lockweave.use(environment(Optional.of(transaction)));

        points.untilTransaction();
        LockLostException lost = locks.last().lose();
        assertThatThrownBy(transaction::commit).isSameAs(lost);

        points.work = () -> locks.last().lose();
        assertThatThrownBy(points::untilTransaction).isInstanceOf(LockLostException.class);
    }

    @Test
    void withoutATransactionUntilTransactionIsAnErrorAndAutoEndsWithTheMethod() throws Exception {
        Lockweave.use(environment(Optional.empty()));
        assertThatThrownBy(points::untilTransaction)
                .hasMessage(
                        "until = TRANSACTION of io.lockweave.invoke.Points.untilTransaction(), but no transaction is"
                                + " active. To fix it: call it inside a transaction, or use until = AUTO.");
        points.wholeName();
        assertThat(locks.log()).containsExactly("acquire report", "body", "release");

        Lockweave.use(locks);
        assertThatThrownBy(points::untilTransaction)
                .hasMessageContaining("nothing here knows of transactions")
                .hasMessageContaining("add lock-spring");
    }

    @Test
    void aTransactionThatTakesNoCallbackLeavesNoLockBehind() {
        Transaction transaction = new Transaction();
        transaction.refuse = true;
        Lockweave.use(environment(Optional.of(transaction)));
        assertThatThrownBy(points::untilTransaction).isInstanceOf(IllegalStateException.class);
        assertThat(locks.log()).containsExactly("acquire x", "release");
    }

    private LockEnvironment environment(Optional<TransactionBoundary.ActiveTransaction> transaction) {
        return new LockEnvironment() {
            @Override
            public RecordingLocks locks(String backend) {
                return locks;
            }

            @Override
            public NameSettings settings(String name) {
                return NameSettings.NONE;
            }

            @Override
            public Placeholders placeholders() {
                return (place, text) -> text;
            }

            @Override
            public TransactionBoundary transactions() {
                return () -> transaction;
            }
        };
    }

    private static final class Transaction implements TransactionBoundary.ActiveTransaction {

        private final List<Runnable> checks = new ArrayList<>();
        private final List<Runnable> actions = new ArrayList<>();
        private boolean refuse;

        @Override
        public void beforeCommit(Runnable check) {
            checks.add(check);
        }

        @Override
        public void afterCompletion(Runnable action) {
            if (refuse) {
                throw new IllegalStateException("no callbacks");
            }
            actions.add(action);
        }

        void commit() {
            checks.forEach(Runnable::run);
        }

        void complete() {
            actions.forEach(Runnable::run);
            actions.clear();
        }
    }
}
