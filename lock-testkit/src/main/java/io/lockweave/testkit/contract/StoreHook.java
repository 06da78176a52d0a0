package io.lockweave.testkit.contract;

import io.lockweave.spi.LockStore;
import io.lockweave.testkit.ForkedHolder;

/**
 * What a backend's contract class can do to its store. Each is optional: implement the ones that are possible, and the
 * tests that need them run; the others are aborted with the name of the hook.
 */
public interface StoreHook {

    /** The store can forget everything it knows, as after a restart without persistence. */
    interface LosesItsData extends StoreHook {

        /** Forgets all locks, queues and counters at once. */
        void loseData();
    }

    /** The store can tell how much it keeps. */
    interface CountsItsEntries extends StoreHook {

        /**
         * How many entries (keys, rows) the store keeps, other than a fixed number of counters that serve all keys. A
         * store whose clean-up runs now and then runs it first.
         */
        long entries();
    }

    /** The connection on which a store keeps its locks can be killed from outside. */
    interface CutsItsConnections extends StoreHook {

        /** Kills all connections this store has, as the server or the network might. */
        void disconnect(LockStore store);
    }

    /** The store can be unreachable for a while. */
    interface GoesDown extends StoreHook {

        /** Makes the store refuse or ignore every call until {@link #comeBack()}; what it knows is kept. */
        void goDown();

        /** Ends {@link #goDown()}; does nothing if it is up. */
        void comeBack();
    }

    /** The store can be used from another process. */
    interface RunsElsewhere extends StoreHook {

        /** How another JVM makes a backend on the same store. */
        ForkedHolder.Recipe recipe();
    }
}
