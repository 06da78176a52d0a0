package io.lockweave.testkit.contract;

import io.lockweave.LockKey;
import io.lockweave.LocksBuilder;
import io.lockweave.spi.Capability;
import io.lockweave.spi.TimeSource;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The contract on the correct server in memory, in each way the engine can use it. */
@Execution(ExecutionMode.CONCURRENT)
class MemoryContractTest {

    @Nested
    class Plain extends MemoryContract {
        Plain() {
            super(MemoryServer::new);
        }
    }

    @Nested
    class WithoutHandOver extends MemoryContract {
        WithoutHandOver() {
            super(MemoryServer::new);
        }

        @Override
        protected LocksBuilder configure(LocksBuilder builder) {
            return builder.handOver(false);
        }
    }

    /** A release grants the lock to a waiter at once. */
    @Nested
    class SendingGrants extends MemoryContract {
        SendingGrants() {
            super((TimeSource clock) -> new MemoryServer(clock, true));
        }
    }

    /** Hints only shorten sleeps: without any, everything still holds. */
    @Nested
    class WithoutHints extends MemoryContract {
        WithoutHints() {
            super((TimeSource clock) -> new MemoryServer(clock) {
                @Override
                void wake(LockKey key) {
                    // nobody is told
                }
            });
        }

        @Override
        protected Set<Capability> capabilities() {
            Set<Capability> capabilities = EnumSet.copyOf(MemoryStore.CAPABILITIES);
            capabilities.remove(Capability.PUSH);
            return capabilities;
        }
    }

    @Nested
    class SendingGrantsWithoutHandOver extends MemoryContract {
        SendingGrantsWithoutHandOver() {
            super((TimeSource clock) -> new MemoryServer(clock, true));
        }

        @Override
        protected LocksBuilder configure(LocksBuilder builder) {
            return builder.handOver(false);
        }
    }
}
