package io.lockweave.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.LockBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ForkedHolderTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static final ForkedHolder.Recipe LOCAL = ForkedHolder.Recipe.of(LocalMaker.class, "an argument");

    /** Makes a local backend in the other JVM, and insists on its arguments. */
    public static final class LocalMaker implements ForkedHolder.BackendMaker {
        @Override
        public LockBackend make(List<String> arguments) {
            if (!arguments.equals(List.of("an argument"))) {
                throw new IllegalArgumentException("arguments = " + arguments);
            }
            return new LocalBackend();
        }
    }

    @Test
    void itHoldsALockUntilToldToReleaseIt() {
        try (ForkedHolder holder = ForkedHolder.start(LOCAL, LockKey.of("forked", 1), LONG)) {
            assertThat(holder.awaitHeld()).isPositive();
            assertThat(ProcessHandle.of(holder.pid()))
                    .hasValueSatisfying(process -> assertThat(process.isAlive()).isTrue());
            holder.release();
            assertThat(ProcessHandle.of(holder.pid())
                            .map(ProcessHandle::isAlive)
                            .orElse(false))
                    .isFalse();
        }
    }

    @Test
    void aFrozenOneDoesNothingUntilThawed() {
        try (ForkedHolder holder = ForkedHolder.start(LOCAL, LockKey.of("forked", 2), LONG)) {
            holder.awaitHeld();
            holder.freeze();
            FutureTask<Boolean> release = Together.start("releaser", () -> {
                holder.release();
                return true;
            });
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            assertThat(release).isNotDone();
            holder.thaw();
            assertThat(Together.result(release)).isTrue();
        }
    }

    @Test
    void aKilledOneIsGoneEvenIfItWasFrozen() {
        ForkedHolder holder = ForkedHolder.start(LOCAL, LockKey.of("forked", 3), LONG);
        holder.awaitHeld();
        holder.freeze();
        holder.close();
        assertThat(ProcessHandle.of(holder.pid()).map(ProcessHandle::isAlive).orElse(false))
                .isFalse();
    }

    @Test
    void oneThatCannotTakeItsLockSaysSo() {
        ForkedHolder.Recipe wrong = ForkedHolder.Recipe.of(LocalMaker.class);
        try (ForkedHolder holder = ForkedHolder.start(wrong, LockKey.of("forked", 4), LONG)) {
            assertThatThrownBy(holder::awaitHeld)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("did not say \"held ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "\0", "\ud800", "' \"$(x)`*?\r\n", "\ud83d\ude00", "e\u0301"})
    void everyKeyReachesTheOtherProcessUnchanged(String text) {
        for (LockKey key : List.of(
                LockKey.of("n", text),
                LockKey.of("n" + text).in("ns"),
                LockKey.of("n", "v").in(text))) {
            assertThat(HolderProcess.decode(HolderProcess.encode(key))).isEqualTo(key);
        }
    }
}
