package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What the contract says about a class that does not tell the truth about its backend. */
@Isolated
class BackendContractTest {

    /** Says less than the backend can do. */
    static class Modest extends BackendContract {
        @Override
        protected LockBackend newBackend() {
            return new LocalBackend();
        }

        @Override
        protected Set<Capability> capabilities() {
            return EnumSet.of(Capability.SHARED, Capability.PERMITS, Capability.DURABLE_FENCE);
        }
    }

    /** A backend that lost a capability nobody was told of. */
    static class Poorer extends Modest {
        @Override
        protected LockBackend newBackend() {
            return new PoorBackend();
        }

        @Override
        protected Set<Capability> capabilities() {
            return EnumSet.of(Capability.SHARED, Capability.PERMITS, Capability.FAIR, Capability.DURABLE_FENCE);
        }
    }

    private static final class PoorBackend implements LockBackend {
        @Override
        public String name() {
            return "poor";
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(Capability.SHARED, Capability.PERMITS, Capability.DURABLE_FENCE);
        }

        @Override
        public void close() {
            // nothing was opened
        }
    }

    @Test
    void aTestWithoutItsCapabilityIsAbortedAndMustBeNamed() {
        List<String> aborted = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        ContractRun.run(Modest.class, "", aborted, failed);
        assertThat(aborted)
                .contains("fair_threadsAreServedInTheOrderTheyCame()")
                .doesNotContain("theBackendCanDoWhatItIsExpectedTo()");
        assertThat(failed).containsExactly("theBackendCanDoWhatItIsExpectedTo()");
    }

    @Test
    void aCapabilityThatDisappearedIsAFailureAndNotASkippedTest() {
        List<String> aborted = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        ContractRun.run(Poorer.class, "", aborted, failed);
        assertThat(aborted).doesNotContain("fair_threadsAreServedInTheOrderTheyCame()");
        assertThat(failed)
                .containsExactlyInAnyOrder(
                        "theBackendCanDoWhatItIsExpectedTo()", "fair_threadsAreServedInTheOrderTheyCame()");
    }
}
