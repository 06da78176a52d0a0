package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockRelease;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spi.TimeSource;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.TransactionBoundary;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction under a lock has its release awaited, although releases are sent. */
class SentReleaseInTransactionTest {

    private final MemoryServer server = new MemoryServer(TimeSource.system());
    private final Locks locks =
            Locks.builder(new MemoryStore(server)).release(LockRelease.SENT).build();
    private final LockKey key = LockKey.of("account").in("lockweave");
    private final List<Runnable> commitChecks = new ArrayList<>();
    private final List<Runnable> completions = new ArrayList<>();
    private boolean isActive;

    @AfterEach
    void close() {
        locks.close();
    }

    @Test
    void aTransactionThatEndedUnderTheLockHasTheCallerHearThatTheLockWasLost() {
        assertThatThrownBy(() -> call(() -> {
                    commitChecks.forEach(Runnable::run); // a transaction begins and commits in there
                    takeAway();
                }))
                .isInstanceOf(LockLostException.class);
    }

    @Test
    void aLockThatEndsWithItsTransactionIsAwaited() throws Throwable {
        isActive = true;
        call(() -> {});
        commitChecks.forEach(Runnable::run);
        completions.forEach(Runnable::run);
        assertThat(server.find(key)).as("seen at once by who asks the store").isEmpty();
    }

    private void takeAway() {
        assertThat(server.forceRelease(key)).isTrue();
    }

    private void call(Runnable body) throws Throwable {
        Method method = Account.class.getDeclaredMethod("pay");
        new LockedInvoker(new Environment()).invoke(method, new Account(), new Object[0], () -> {
            body.run();
            return null;
        });
    }

    static final class Account {

        @Locked(name = "account")
        void pay() {
            // its body is given to the invoker
        }
    }

    private final class Environment implements LockEnvironment {

        @Override
        public Locks locks(String backend) {
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
            return new TransactionBoundary() {
                @Override
                public Optional<ActiveTransaction> current() {
                    return isActive ? Optional.of(new Active()) : Optional.empty();
                }

                @Override
                public Runnable checkCommits(Runnable check) {
                    commitChecks.add(check);
                    return () -> {};
                }
            };
        }
    }

    private final class Active implements TransactionBoundary.ActiveTransaction {

        @Override
        public void beforeCommit(Runnable check) {
            commitChecks.add(check);
        }

        @Override
        public void afterCompletion(Runnable action) {
            completions.add(action);
        }
    }
}
