package io.lockweave.spring.suites;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The JDK's rules of locks, for the JDK's own locks and for our views of three backends. */
class JdkLocksTest {

    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = new Stores();
    }

    @AfterAll
    static void stop() {
        stores.close();
    }

    /** Shows that the contract is the JDK's. */
    @Nested
    class OfTheJdk extends JdkReadWriteContract {

        private final ReentrantLock lock = new ReentrantLock();
        private final ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();

        @Override
        Lock lock() {
            return lock;
        }

        @Override
        ReadWriteLock readWrite() {
            return readWrite;
        }

        @Override
        int waiters() {
            return lock.getQueueLength() + readWrite.getQueueLength();
        }
    }

    /** Views of one key. */
    abstract static class Views extends JdkLockDifferences {

        private final Locks locks;
        private final LockKey key = LockKey.of("jdk", UUID.randomUUID());

        Views(LockBackend backend) {
            locks = Locks.builder(backend).build();
        }

        @AfterEach
        void close() {
            locks.close();
        }

        @Override
        Locks locks() {
            return locks;
        }

        @Override
        LockKey key() {
            return key;
        }
    }

    @Nested
    class Local extends Views {
        Local() {
            super(stores.local());
        }
    }

    @Nested
    class OnRedis extends Views {
        OnRedis() {
            super(stores.redis());
        }
    }

    @Nested
    class OnALeaseTable extends Views {
        OnALeaseTable() {
            super(stores.lease());
        }
    }
}
