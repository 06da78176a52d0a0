package io.lockweave.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockRelease;
import io.lockweave.LockUsageException;
import io.lockweave.Locked.OnLost;
import io.lockweave.Locked.OnUnavailable;
import io.lockweave.spi.container.NameSettings;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class LockweaveConfigTest {

    @Test
    void nothingConfiguredIsLocalWithTheBuiltInTimes() {
        LockweaveConfig config = config();

        assertThat(config.backend()).isEqualTo("local");
        assertThat(config.backendChosen()).isFalse();
        assertThat(config.namespace()).isNull();
        assertThat(config.waitTime()).isNull();
        assertThat(config.locks("user")).isEqualTo(NameSettings.NONE);
    }

    @Test
    void everyGeneralPropertyIsRead() {
        LockweaveConfig config = config(
                "lockweave.backend", "local",
                "lockweave.namespace", "shop",
                "lockweave.wait-time", "forever",
                "lockweave.lease-time", "1m",
                "lockweave.max-hold-time", "1h",
                "lockweave.release", "sent");

        assertThat(config.backendChosen()).isTrue();
        assertThat(config.namespace()).isEqualTo("shop");
        assertThat(config.waitTime()).isGreaterThan(Duration.ofDays(100_000));
        assertThat(config.leaseTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.maxHoldTime()).isEqualTo(Duration.ofHours(1));
        assertThat(config.release()).isEqualTo(LockRelease.SENT);
    }

    @Test
    void theLocksOfANameMayBeConfiguredAndTheNameMayHaveDots() {
        LockweaveConfig config = config(
                "lockweave.locks.com.acme.Points.wait-time", "1s",
                "lockweave.locks.com.acme.Points.lease-time", "2s",
                "lockweave.locks.com.acme.Points.hold-at-least", "3s",
                "lockweave.locks.com.acme.Points.renew", "false",
                "lockweave.locks.com.acme.Points.fair", "true",
                "lockweave.locks.com.acme.Points.permits", "4",
                "lockweave.locks.com.acme.Points.backend", "local",
                "lockweave.locks.com.acme.Points.on-unavailable", "skip",
                "lockweave.locks.com.acme.Points.on-lost", "warn",
                "lockweave.locks.com.acme.Points.release", "sent",
                "lockweave.locks.com.acme.Points.enabled", "false");

        assertThat(config.locks("com.acme.Points"))
                .isEqualTo(new NameSettings(
                        false,
                        "local",
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        false,
                        true,
                        4,
                        OnUnavailable.SKIP,
                        OnLost.WARN,
                        LockRelease.SENT));
        assertThat(config.locks("com.acme")).isEqualTo(NameSettings.NONE);
    }

    @Test
    void valuesMayHavePlaceholdersWithDefaults() {
        LockweaveConfig config = config(
                "lockweave.namespace",
                "${tenant:${stage:test}}-locks",
                "stage",
                "live",
                "lockweave.wait-time",
                "${wait:3s}");

        assertThat(config.namespace()).isEqualTo("live-locks");
        assertThat(config.waitTime()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.placeholders().resolve("name", "a ${stage} b ${none:}"))
                .isEqualTo("a live b ");
    }

    @Test
    void aValueMayHavePlaceholdersAsInSpring() {
        assertThat(config("tenant", "${stage}-1", "stage", "live")
                        .placeholders()
                        .resolve("name", "a-${tenant}"))
                .isEqualTo("a-live-1");
        assertThatThrownBy(
                        () -> config("tenant", "${stage}").placeholders().resolve("name of Points.add()", "${tenant}"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("there is no property \"stage\"");
    }

    @Test
    void aValueThatLeadsBackToItselfIsAnError() {
        assertThatThrownBy(
                        () -> config("a", "${b}", "b", "x${a}").placeholders().resolve("name", "${a}"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("name has a placeholder whose value leads back to itself: [a, b], a");
    }

    @Test
    void aPlaceholderWithoutAValueIsAnError() {
        refused("lockweave.namespace", "${tenant}")
                .hasMessageContaining(
                        "lockweave.namespace (in lockweave.properties) = \"${tenant}\": there is no property"
                                + " \"tenant\"")
                .hasMessageContaining("${tenant:...}");
        refused("lockweave.namespace", "${tenant").hasMessageContaining("close the placeholder with }");
    }

    @Test
    void anUnknownPropertyIsAnErrorThatGuessesAndListsTheValidOnes() {
        refused("lockweave.wait-tme", "1s")
                .hasMessage("Unknown property lockweave.wait-tme (in lockweave.properties). To fix it: did you mean"
                        + " \"wait-time\"? Valid are backend, fail-fast-after, lease-time,"
                        + " locks.<name>.<backend|enabled|fair|hold-at-least|"
                        + "lease-time|on-lost|on-unavailable|permits|release|renew|wait-time>, long-hold,"
                        + " max-hold-time, namespace,"
                        + " release, shutdown.accept-time, shutdown.hold-time, wait-time.");
        refused("lockweave.locks.user.waittime", "1s")
                .hasMessageContaining("lockweave.locks.user.waittime")
                .hasMessageContaining("did you mean \"wait-time\"?");
        refused("lockweave.locks.wait-time", "1s").hasMessageContaining("Unknown property lockweave.locks.wait-time");
        refused("lockweave.local.size", "1").hasMessageContaining("Unknown property lockweave.local.size");
    }

    @Test
    void aPropertyOfABackendThatIsNotThereNamesTheModuleToAdd() {
        refused("lockweave.redis.uri", "redis://localhost")
                .hasMessageContaining("there is no backend \"redis\" on the class path")
                .hasMessageContaining("add io.lockweave:lock-redis");
    }

    @Test
    void anUnknownBackendIsAnErrorThatListsThoseThatWereFound() {
        refused("lockweave.backend", "jdbc")
                .hasMessage("lockweave.backend (in lockweave.properties) = \"jdbc\" asks for the backend"
                        + " \"jdbc\", and found"
                        + " only local. To fix it: add io.lockweave:lock-jdbc to the class path.");
        refused("lockweave.backend", "lokal")
                .hasMessageContaining("did you mean \"local\"?")
                .hasMessageContaining("Valid are local");
    }

    @Test
    void aWrongValueIsAnErrorThatListsTheValidOnes() {
        refused("lockweave.wait-time", "5 parsecs")
                .hasMessageContaining("lockweave.wait-time (in lockweave.properties) = \"5 parsecs\" is not a time");
        refused("lockweave.lease-time", "forever").hasMessageContaining("is not a time");
        refused("lockweave.locks.user.on-lost", "ignore")
                .hasMessageContaining(
                        "lockweave.locks.user.on-lost (in lockweave.properties) = \"ignore\" is not valid")
                .hasMessageContaining("use one of interrupt, throw, warn");
        refused("lockweave.locks.user.enabled", "yes").hasMessageContaining("use one of false, true");
        refused("lockweave.locks.user.permits", "0").hasMessageContaining("give a whole number of at least 1");
        refused("lockweave.locks.user.permits", "many").hasMessageContaining("\"many\" is not valid");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            String name, String value) {
        return assertThatThrownBy(() -> config(name, value)).isInstanceOf(LockUsageException.class);
    }

    private static LockweaveConfig config(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return LockweaveConfig.of(properties);
    }
}
