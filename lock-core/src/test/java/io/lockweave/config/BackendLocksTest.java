package io.lockweave.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockBackendFactory;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backends found by the {@link java.util.ServiceLoader}, and the properties they get. */
@Timeout(30)
class BackendLocksTest {

    @TempDir
    Path services;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader loader;

    @BeforeEach
    void addTheBackendToTheClassPath() throws Exception {
        Path folder = Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(folder.resolve(LockBackendFactory.class.getName()), Shelf.class.getName());
        loader = new URLClassLoader(new URL[] {services.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
        Shelf.closed = 0;
    }

    @AfterEach
    void reset() throws Exception {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("lockweave."))
                .forEach(System::clearProperty);
        Lockweave.reset();
    }

    @Test
    void theBackendIsMadeFromItsOwnPropertiesWhenItIsFirstAskedFor() {
        BackendLocks locks = locks(
                "lockweave.backend", "shelf",
                "lockweave.shelf.label", "top",
                "lockweave.shelf.boards", "3",
                "lockweave.shelf.timeout", "250ms",
                "lockweave.shelf.locked", "true",
                "lockweave.shelf.wood", "OAK");
        Shelf.last = null;
        Locks primary = locks.get("");

        assertThat(primary.backend()).isEqualTo("shelf");
        assertThat(locks.get("shelf")).isSameAs(primary);
        assertThat(Shelf.last.text("label")).contains("top");
        assertThat(Shelf.last.text("colour")).isEmpty();
        assertThat(Shelf.last.number("boards", 1, 9)).isEqualTo(3);
        assertThat(Shelf.last.number("depth", 1, 9)).isEqualTo(9);
        assertThat(Shelf.last.duration("timeout", Duration.ZERO)).hasMillis(250);
        assertThat(Shelf.last.flag("locked", false)).isTrue();
        assertThat(Shelf.last.flag("open", false)).isFalse();
        assertThat(Shelf.last.oneOf("wood", List.of("pine", "oak"))).isEqualTo("oak");
        assertThatThrownBy(() -> Shelf.last.oneOf("wood", List.of("pine", "ash")))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.shelf.wood (in lockweave.properties) = \"OAK\" is not valid")
                .hasMessageContaining("ash, pine");
        locks.close();
    }

    @Test
    void twoBackendsMayBeUsedInOneProgramAndBothAreClosed() {
        BackendLocks locks = locks("lockweave.backend", "local");
        Locks local = locks.get("");
        Locks shelf = locks.get("shelf");

        assertThat(local.backend()).isEqualTo("local");
        assertThat(shelf.backend()).isEqualTo("shelf");
        locks.close();
        locks.close();
        assertThat(Shelf.closed).isEqualTo(1);
        assertThatThrownBy(() -> locks.get("").acquire(LockKey.of("a"))).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void aBackendThatIsFirstAskedForDuringShutdownIsNotMade() {
        BackendLocks locks = locks();
        locks.close();
        assertThatThrownBy(() -> locks.get("shelf"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Lockweave is shut down");
    }

    @Test
    void anUnknownPropertyOfABackendListsItsOwn() {
        assertThatThrownBy(() -> locks("lockweave.shelf.lable", "x"))
                .isInstanceOf(LockUsageException.class)
                .hasMessage("Unknown property lockweave.shelf.lable (in lockweave.properties). To fix it: did you mean"
                        + " \"label\"? Valid are boards, label, locked, timeout, wood.");
        assertThatThrownBy(() -> locks("lockweave.backend", "shelv"))
                .hasMessageContaining("did you mean \"shelf\"? Valid are local, shelf");
        assertThatThrownBy(() -> locks().get("shel")).hasMessageContaining("did you mean \"shelf\"?");
    }

    @Test
    void systemPropertiesConfigureTheLocksOfTheProgram() throws Exception {
        System.setProperty("lockweave.wait-time", "0");
        System.setProperty("lockweave.namespace", "shop");
        Lockweave.reset();
        Locks locks = Lockweave.locks();
        try (HeldLock held = locks.acquire(LockKey.of("user", 1))) {
            assertThat(locks.inspect())
                    .singleElement()
                    .extracting(info -> info.key())
                    .asString()
                    .contains("user[1]");
            CompletableFuture<HeldLock> other =
                    CompletableFuture.supplyAsync(() -> locks.acquire(LockKey.of("user", 1)));
            assertThatThrownBy(other::get).hasCauseInstanceOf(LockUnavailableException.class);
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    void aWrongSystemPropertyIsAnErrorAtTheFirstUse() {
        System.setProperty("lockweave.wait-tme", "1s");
        Lockweave.reset();
        assertThatThrownBy(Lockweave::locks)
                .isInstanceOf(LockUsageException.class)
                .hasMessageStartingWith("Unknown property lockweave.wait-tme (system property). To fix it: did you mean"
                        + " \"wait-time\"?");
    }

    private static BackendLocks locks(String... namesAndValues) {
        Properties properties = new Properties();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.setProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new BackendLocks(LockweaveConfig.of(properties));
    }

    /** A backend of somebody else. */
    public static final class Shelf implements LockBackendFactory {

        static BackendSettings last;
        static int closed;

        @Override
        public String name() {
            return "shelf";
        }

        @Override
        public Set<String> properties() {
            return Set.of("label", "boards", "timeout", "locked", "wood");
        }

        @Override
        public LockBackend create(BackendSettings settings) {
            last = settings;
            return new LockBackend() {
                @Override
                public String name() {
                    return "shelf";
                }

                @Override
                public Set<Capability> capabilities() {
                    return Set.of();
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }
}
