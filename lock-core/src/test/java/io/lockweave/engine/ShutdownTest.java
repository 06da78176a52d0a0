package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ShutdownTest {

    private final CountDownLatch withdrawn = new CountDownLatch(1);
    private volatile HeldLock mine;
    private volatile boolean heldWhenWithdrawn;

    private final MapStore store = new MapStore() {
        @Override
        public void withdraw(Claim claim) {
            heldWhenWithdrawn = mine.isHeld();
            super.withdraw(claim);
            withdrawn.countDown();
        }
    };

    /** Whose threads get the processor as soon as they are started, and their starter later. */
    private static Thread eager(Runnable work, CountDownLatch until) {
        return new Thread(work) {
            @Override
            public void start() {
                super.start();
                try {
                    until.await(500, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupt();
                }
            }
        };
    }

    @Test
    void rule01_whoeverWorksUnderALockThatIsClosedKnowsBeforeAnybodyElseEnters() throws Exception {
        LockEngine locks = Engines.on(store, work -> eager(work, withdrawn));
        mine = locks.acquire(LockKey.of("user", 42));
        locks.close();
        assertThat(withdrawn.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(heldWhenWithdrawn).isFalse();
        assertThat(mine.isHeld()).isFalse();
    }
}
