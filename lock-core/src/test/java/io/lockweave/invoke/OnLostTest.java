package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockLostException;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** {@code onLost}. */
class OnLostTest extends RecordedCalls {

    private final AtomicReference<Boolean> noticed = new AtomicReference<>();

    @Test
    void aLostLockIsAnExceptionAfterTheMethodUnlessItThrewItself() {
        points.work = () -> locks.last().lose();
        assertThatThrownBy(points::wholeName).isInstanceOf(LockLostException.class);

        IOException own = new IOException("own");
        points.work = () -> {
            locks.last().lose();
            throw own;
        };
        assertThatThrownBy(points::wholeName).isSameAs(own);
        assertThat(own.getSuppressed()).hasSize(1).allMatch(LockLostException.class::isInstance);
    }

    @Test
    void aLostLockMayInterruptTheMethodAtOnceAndTheInterruptDoesNotOutliveIt() throws Exception {
        points.work = () -> {
            locks.last().lose();
            return Thread.currentThread().isInterrupted();
        };
        assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();

        points.work = () -> "fine";
        points.interrupted();
        locks.last().lose();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aLossOfTheOuterLockIsNoticedAlthoughTheInnerOneTookItsInterruptBack() throws Exception {
        points.work = () -> {
            RecordingLocks.Hold outer = locks.last();
            points.work = () -> {
                locks.last().lose();
                outer.lose();
                return null;
            };
            assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
            noticed.set(Thread.currentThread().isInterrupted());
            return null;
        };
        assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
        assertThat(noticed).hasValue(true);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInnerInterruptDoesNotReachAnOuterMethodWhoseLockIsHeld() throws Exception {
        points.work = () -> {
            points.work = () -> locks.last().lose();
            assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
            noticed.set(Thread.currentThread().isInterrupted());
            return null;
        };
        points.interrupted();
        assertThat(noticed).hasValue(false);
        points.work = () -> "fine";
        points.interrupted();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void aMethodThatBlocksIsWokenWhenItsLockIsLostAndItsOwnExceptionWins() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        points.work = () -> {
            blocked.countDown();
            never.await();
            return null;
        };
        Thread loser = new Thread(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            locks.last().lose();
        });
        loser.start();
        assertThatThrownBy(points::interrupted)
                .isExactlyInstanceOf(InterruptedException.class)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .hasOnlyElementsOfType(LockLostException.class)
                        .hasSize(1));
        loser.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void theEndOfTheMethodAndTheLossOfItsLockMayMeetAtAnyMoment() throws Exception {
        Exchanger<RecordingLocks.Hold> meeting = new Exchanger<>();
        int rounds = 5_000;
        points.work = () -> meeting.exchange(locks.last());
        Thread loser = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                try {
                    meeting.exchange(null).lose();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        loser.start();
        for (int i = 0; i < rounds; i++) {
            try {
                points.interrupted();
            } catch (LockLostException e) {
                // lost before the end
            }
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
        loser.join();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptThatWasThereBeforeStays() {
        points.work = () -> {
            Thread.currentThread().interrupt();
            return locks.last().lose();
        };
        assertThatThrownBy(points::interrupted).isInstanceOf(LockLostException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLostLockMayBeAWarningOnly() throws Exception {
        points.work = () -> {
            locks.last().lose();
            return "done";
        };
        assertThat(points.warned()).isEqualTo("done");
    }
}
