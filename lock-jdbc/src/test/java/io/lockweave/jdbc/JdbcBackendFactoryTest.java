package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackendFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JdbcBackendFactoryTest {

    private static final String URL = "jdbc:h2:mem:factory;DB_CLOSE_DELAY=-1";

    private final LockBackendFactory factory = ServiceLoader.load(LockBackendFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals("jdbc"))
            .findFirst()
            .orElseThrow();

    /** Settings out of a map that remember what was asked for. */
    private static final class Settings implements BackendSettings {

        final Map<String, String> map = new HashMap<>();
        final Set<String> asked = new HashSet<>();

        Settings with(String property, String value) {
            map.put(property, value);
            return this;
        }

        @Override
        public Optional<String> text(String property) {
            asked.add(property);
            return Optional.ofNullable(map.get(property));
        }

        @Override
        public int number(String property, int least, int otherwise) {
            return text(property).map(Integer::parseInt).orElse(otherwise);
        }

        @Override
        public boolean flag(String property, boolean otherwise) {
            return text(property).map(Boolean::parseBoolean).orElse(otherwise);
        }

        @Override
        public Duration duration(String property, Duration otherwise) {
            return text(property).map(Duration::parse).orElse(otherwise);
        }

        @Override
        public String oneOf(String property, List<String> words) {
            return text(property).orElse(words.get(0));
        }
    }

    @Test
    void propertiesMakeABackendWithAPoolOfItsOwn() {
        Settings settings =
                new Settings().with("url", URL).with("table", "factory_lock").with("initialize-schema", "true");
        try (Locks locks = Locks.builder(factory.create(settings)).build()) {
            locks.run(LockKey.of("user", 1), () -> assertThat(locks.isLocked(LockKey.of("user", 1)))
                    .isTrue());
        }
        assertThat(factory.properties()).containsExactlyInAnyOrderElementsOf(settings.asked);
    }

    @Test
    void aMissingUrlAndATableThatIsNotThereAreErrorsThatSaySo() {
        assertThatThrownBy(() -> factory.create(new Settings()))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.jdbc.url");
        assertThatThrownBy(() -> factory.create(new Settings().with("url", URL).with("table", "not_there")))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("not_there")
                .hasMessageContaining("create table");
        assertThatThrownBy(() -> factory.create(new Settings().with("url", "jdbc:nothing:x")))
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("lockweave.jdbc.url");
        assertThatThrownBy(() -> factory.create(new Settings().with("url", URL).with("dialect", "dbase")))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("dbase")
                .hasMessageContaining("postgresql");
    }

    @Test
    void aDatabaseWithoutSessionLocksRefusesThatStrategy() {
        assertThatThrownBy(() -> factory.create(new Settings().with("url", URL).with("strategy", "session")))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("h2")
                .hasMessageContaining("lease");
    }
}
