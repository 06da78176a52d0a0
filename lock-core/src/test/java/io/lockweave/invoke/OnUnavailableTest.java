package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code onUnavailable} and {@code fallback}. */
class OnUnavailableTest extends RecordedCalls {

    @Test
    void unavailableThrowsByDefault() {
        locks.busy();
        assertThatThrownBy(points::wholeName).isInstanceOf(LockUnavailableException.class);
        assertThat(locks.log()).containsExactly("refused");
    }

    @Test
    void skipReturnsNothing() throws Exception {
        locks.busy();
        points.work = () -> "ran";
        assertThat(points.skipped()).isNull();
        points.skippedVoid();
        assertThat(points.skippedOptional()).isEmpty();
        assertThat(locks.log()).containsOnly("refused");
    }

    @Test
    void skipAndFallbackAreForBusyLocksAndNotForInterruptsShutdownsOrFailures() {
        LockKey key = LockKey.of("x");
        locks.refuseWith(
                LockUnavailableException.interrupted(key, Duration.ZERO, null, new InterruptedException("stop")));
        assertThatThrownBy(points::skipped).hasMessageContaining("Interrupted");
        assertThatThrownBy(() -> points.withFallback(1)).hasMessageContaining("Interrupted");
        locks.refuseWith(LockUnavailableException.closed(key, Duration.ZERO));
        assertThatThrownBy(points::skipped).hasMessageContaining("closed");
        assertThatThrownBy(() -> points.withFallback(1)).hasMessageContaining("closed");
        locks.refuseWith(LockBackendException.passing("away", null));
        assertThatThrownBy(points::skipped).isInstanceOf(LockBackendException.class);
    }

    @Test
    void theFallbackRunsInsteadWithTheSameArguments() throws Exception {
        locks.busy();
        assertThat(points.withFallback(5)).isEqualTo("5busy");
        assertThat(Points.withStaticFallback("it")).isEqualTo("instead of it");
        assertThatThrownBy(() -> points.withFallback(-1))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("from the fallback");
        assertThat(locks.log()).containsExactly("refused", "fallback", "refused", "refused", "fallback");
    }

    @Test
    void anExceptionOfTheMethodIsNeverTakenForOneOfItsLock() {
        LockUnavailableException nested = LockUnavailableException.busy(LockKey.of("inner"), Duration.ZERO, null);
        points.work = () -> {
            throw nested;
        };
        assertThatThrownBy(points::skipped).isSameAs(nested);
        assertThatThrownBy(() -> points.withFallback(1)).isSameAs(nested);
        assertThat(locks.log()).containsExactly("acquire x", "body", "release", "acquire x", "body", "release");
    }
}
