package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.config.LockweaveConfig;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What would do nothing, or fail at the first call, is told before. */
class ToldAtStartTest {

    interface Wrong {

        @Locked(name = "user", key = "#id", leaseTime = "1ms")
        void lease(long id);
    }

    private static LockedInvoker invoker() {
        return Applications.invoker(ToldAtStartTest.class, null);
    }

    @Test
    void aLeaseThatNoStoreCanKeep() {
        assertThatThrownBy(() -> invoker().check(Wrong.class.getDeclaredMethod("lease", long.class)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("leaseTime is 1 ms, and such a lease is over before it can be renewed");
        Properties properties = new Properties();
        properties.setProperty("lockweave.lease-time", "1ms");
        assertThatThrownBy(() -> LockweaveConfig.of(properties))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.lease-time")
                .hasMessageContaining(" is 1 ms");
    }

    @Test
    void twoNumbersOfPermitsForOneName() {
        LockUse three = new LockUse("Api.call(String)", "api", "#tenant", 3);
        assertThatThrownBy(() -> LockUse.check(List.of(three, new LockUse("Api.send(String)", "api", "#id", 5))))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Api.call(String) has permits = 3 and Api.send(String) has permits = 5 for the")
                .hasMessageContaining("name \"api\"");
        LockUse.check(List.of(three, new LockUse("Api.send(String)", "other", "#id", 5)));
        LockUse.check(List.of(three, new LockUse("Api.send(String)", "api", "#id", 3)));
        LockUse.check(
                List.of(new LockUse("One.of()", "api", "'in'", 3), new LockUse("One.other()", "api", "'out'", 5)));
    }

    @Test
    void settingsForNamesThatNoMethodHas() {
        Properties properties = new Properties();
        properties.setProperty("lockweave.locks.usr.wait-time", "1s");
        properties.setProperty("lockweave.locks.user.wait-time", "1s");
        properties.setProperty("lockweave.locks.imports.wait-time", "1s");
        assertThat(LockweaveConfig.of(properties).namesBeside(Set.of("user", "order")))
                .hasSize(2)
                .containsEntry("usr", Optional.of("user"))
                .containsEntry("imports", Optional.empty());
    }
}
