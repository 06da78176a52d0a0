package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockweave.LocksBuilder;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of every backend, in-process ones included: how {@link io.lockweave.Locks} behave on it inside one JVM.
 * A backend with a store extends {@link StoreBackendContract}, which adds the rest.
 *
 * <p>A concrete class makes backends, and pins what they can do, so that a capability which disappears fails:
 *
 * <pre>{@code
 * class AcmeContractTest extends StoreBackendContract implements StoreHook.LosesItsData {
 *     protected LockBackend newBackend() {
 *         return AcmeBackend.connect(SERVER.url());
 *     }
 *
 *     protected Set<Capability> capabilities() {
 *         return EnumSet.of(Capability.SHARED, Capability.LEASE, Capability.CROSS_PROCESS);
 *     }
 *
 *     public void loseData() {
 *         SERVER.wipe();
 *     }
 * }
 * }</pre>
 *
 * <p>Tests are named after the numbered rule of the documentation they show ({@code rule01_...}). They own their keys,
 * so the store may be in use by others. A test that needs a capability or a {@link StoreHook} which the class does not
 * name is aborted with that name, never silently passed. A capability that disappears from the backend fails.
 */
@Timeout(60)
public abstract class BackendContract
        implements HoldContract, WaitContract, SharingContract, SeveralKeysContract, InspectContract {

    private final Fixture fixture = new Fixture(this);

    /** Makes a backend, each time another one as another JVM on the same store would have. The caller closes it. */
    protected abstract LockBackend newBackend();

    /** What the backend must say it can do: no more and no less. */
    protected abstract Set<Capability> capabilities();

    /** Configures the locks under test; as it is by default. */
    protected LocksBuilder configure(LocksBuilder builder) {
        return builder;
    }

    /** Lets time pass for the store; a store with a clock of its own may move that instead. */
    protected void letPass(Duration time) {
        Fixture.rest(time);
    }

    /** What the tests work with. */
    @Override
    public final Fixture fixture() {
        return fixture;
    }

    @BeforeEach
    final void abortWhatCannotRun(TestInfo test) {
        String missing = missing(test.getTestMethod().orElseThrow());
        assumeTrue(missing.isEmpty(), missing);
    }

    @AfterEach
    final void cleanUp() {
        fixture.close();
    }

    @Test
    final void theBackendCanDoWhatItIsExpectedTo() {
        assertThat(fixture.backend().capabilities())
                .as(
                        "capabilities of the backend %s. To fix it: capabilities() of %s names what the backend can do,"
                                + " no more and no less",
                        fixture.backend().name(), getClass().getName())
                .containsExactlyInAnyOrderElementsOf(capabilities());
    }

    private String missing(Method test) {
        Needs needs = test.getAnnotation(Needs.class);
        if (needs == null) {
            return "";
        }
        for (Capability capability : needs.value()) {
            if (!capabilities().contains(capability)) {
                return "needs the capability " + capability;
            }
        }
        for (Class<? extends StoreHook> hook : needs.hooks()) {
            if (!hook.isInstance(this)) {
                return "needs the hook " + hook.getSimpleName();
            }
        }
        return "";
    }
}
