package io.lockweave.spring.suites;

import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** ShedLock's rules of locks for jobs, on two backends that nodes share. */
class JobLocksTest {

    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = new Stores();
    }

    @AfterAll
    static void stop() {
        stores.close();
    }

    /** Two nodes. */
    abstract static class Nodes extends JobLockContract {

        private final Locks here;
        private final Locks there;

        Nodes(LockBackend here, LockBackend there) {
            this.here = Locks.builder(here).build();
            this.there = Locks.builder(there).build();
        }

        @Override
        Locks here() {
            return here;
        }

        @Override
        Locks there() {
            return there;
        }
    }

    @Nested
    class OnRedis extends Nodes {
        OnRedis() {
            super(stores.redis(), stores.redis());
        }
    }

    @Nested
    class OnALeaseTable extends Nodes {
        OnALeaseTable() {
            super(stores.lease(), stores.lease());
        }
    }
}
