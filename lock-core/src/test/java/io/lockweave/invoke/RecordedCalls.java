package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.Lockweave;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests of woven calls on locks that write down what they are asked. */
abstract class RecordedCalls {

    final RecordingLocks locks = new RecordingLocks();
    final RecordingLocks others = new RecordingLocks("other");
    final Points points = new Points(locks);

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks, others);
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
        assertThat(Thread.interrupted()).isFalse();
        assertThat(HeldLock.current()).isEmpty();
    }
}
