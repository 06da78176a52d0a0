package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.container.LockEnvironment;
import java.io.IOException;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What every locked call has in common: result, hold, options, backend and configuration. */
class LockedInvokerTest extends RecordedCalls {

    @Test
    void theResultOfTheMethodComesThrough() throws Exception {
        points.work = () -> "result";
        assertThat(points.wholeName()).isEqualTo("result");
    }

    @Test
    void theHoldIsCurrentWhileTheMethodRuns() throws Exception {
        points.work = () -> HeldLock.current().orElseThrow().key();
        assertThat(points.wholeName()).isEqualTo(LockKey.of("report"));
    }

    @Test
    void allOptionsOfTheAnnotationReachTheLock() throws Exception {
        points.options();
        assertThat(locks.options().mode()).isEqualTo(LockMode.SHARED);
        assertThat(locks.options().fair()).isTrue();
        assertThat(locks.options().waitTime()).hasMillis(250);
        assertThat(locks.options().leaseTime()).hasMinutes(1);
        assertThat(locks.options().renew()).isFalse();
        assertThat(locks.options().holdAtLeast()).hasSeconds(2);

        points.permits();
        assertThat(locks.options().mode()).isEqualTo(LockMode.PERMIT);
        assertThat(locks.options().permits()).isEqualTo(3);
        assertThat(locks.options().waitTime()).isNull();
        assertThat(locks.options().renew()).isTrue();
    }

    @Test
    void anAnnotationMayChooseAnotherBackend() throws Exception {
        points.otherBackend();
        assertThat(others.log()).containsExactly("acquire other", "release");
        assertThat(locks.log()).containsExactly("body");

        Lockweave.use(locks);
        assertThatThrownBy(points::otherBackend)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("There are no locks of the backend \"other\"")
                .hasMessageContaining("recording");
    }

    @Test
    void theConfigurationOfANameOverridesTheAnnotation() throws Exception {
        Lockweave.use(configured(
                "lockweave.locks.all.wait-time", "9s",
                "lockweave.locks.all.renew", "true",
                "lockweave.locks.all.fair", "false",
                "lockweave.locks.report.enabled", "false",
                "lockweave.locks.x.on-unavailable", "skip",
                "lockweave.locks.io.lockweave.invoke.Points.lease-time", "8s"));

        points.options();
        assertThat(locks.options().waitTime()).hasSeconds(9);
        assertThat(locks.options().renew()).isTrue();
        assertThat(locks.options().fair()).isFalse();
        assertThat(locks.options().leaseTime()).hasMinutes(1);
        points.wholeClass();
        assertThat(locks.options().leaseTime()).hasSeconds(8);
        locks.log().clear();
        points.wholeName();
        assertThat(locks.log()).containsExactly("body");
        locks.busy();
        assertThat(points.untilReturn()).isNull();
    }

    @Test
    void aFallbackIsLeftOutIfSomethingElseIsConfigured() throws Exception {
        Lockweave.use(configured("lockweave.locks.x.on-unavailable", "throw"));
        locks.busy();
        assertThatThrownBy(() -> points.withFallback(1)).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void rule9TheExceptionOfTheMethodWinsOverAFailureToRelease() {
        IOException own = new IOException("own");
        points.work = () -> {
            throw own;
        };
        locks.failReleases();
        assertThatThrownBy(points::wholeName).isSameAs(own);
        assertThat(own.getSuppressed()).hasSize(1).allMatch(LockBackendException.class::isInstance);
    }

    @Test
    void theResultOfTheMethodCountsEvenIfTheReleaseFails() throws Exception {
        points.work = () -> "done";
        locks.failReleases();
        assertThat(points.wholeName()).isEqualTo("done");
    }

    private LockEnvironment configured(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new ConfiguredEnvironment(LockweaveConfig.of(properties), backend -> locks);
    }
}
