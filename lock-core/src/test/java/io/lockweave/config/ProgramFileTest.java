package io.lockweave.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slips in {@code lockweave.properties}: none of them leads to locks that work inside this JVM only. */
class ProgramFileTest {

    private static final String FILE = "lockweave.properties";

    @TempDir
    Path first;

    @TempDir
    Path second;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void reset() {
        Thread.currentThread().setContextClassLoader(before);
        System.clearProperty("lockwave.backend");
    }

    private LockweaveConfig read(String text) throws Exception {
        return read(text, StandardCharsets.UTF_8);
    }

    private LockweaveConfig read(String text, Charset charset) throws Exception {
        Files.write(first.resolve(FILE), text.getBytes(charset));
        return read();
    }

    private LockweaveConfig read() throws Exception {
        URL[] urls = {first.toUri().toURL(), second.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            return LockweaveConfig.ofProgram();
        }
    }

    @Test
    void aByteOrderMarkIsNotPartOfTheFirstProperty() throws Exception {
        assertThat(read("\uFEFFlockweave.namespace = shop\n").namespace()).isEqualTo("shop");
        assertThat(read("\uFEFF").namespace()).isNull();
    }

    @Test
    void aFileInAnotherEncodingIsRefusedWithLineAndByte() {
        assertThatThrownBy(() ->
                        read("lockweave.backend=local\nlockweave.namespace=caf\u00e9\n", StandardCharsets.ISO_8859_1))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("lockweave.properties is not written in UTF-8: line 2 has the byte 0xe9");
        assertThatThrownBy(() -> read("lockweave.namespace=shop\n", StandardCharsets.UTF_16))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("is not written in UTF-8");
    }

    @Test
    void aByteSequenceThatIsCutOffIsRefused() throws Exception {
        Files.write(first.resolve(FILE), new byte[] {'a', '=', (byte) 0xc3});
        assertThatThrownBy(this::read)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("line 1 has the byte 0xc3");
    }

    @Test
    void anEncodedCharacterIsReadAsItIs() throws Exception {
        assertThat(read("lockweave.namespace=caf\u00e9").namespace()).isEqualTo("caf\u00e9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lockwave.backend",
                "lokweave.backend",
                "Lockweave.backend",
                "LOCKWEAVE.BACKEND",
                "lock-weave.backend",
                "lockweave_backend",
                "lockweave-wait-time"
            })
    void aMisspelledPrefixIsRefused(String name) {
        assertThatThrownBy(() -> read(name + "=local"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Property " + name + " (in lockweave.properties) looks like one of Lockweave")
                .hasMessageContaining("begin with \"lockweave.\"");
    }

    @Test
    void aMisspelledSystemPropertyIsRefused() {
        System.setProperty("lockwave.backend", "local");
        assertThatThrownBy(LockweaveConfig::ofProgram)
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Property lockwave.backend (system property)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage", "clock.rate", "lockers.count", "lockweave-demo.greeting", "deadlock.weaver"})
    void whatOtherPropertiesAreCalledIsTheirBusiness(String name) throws Exception {
        assertThat(read(name + "=1").placeholders().resolve("name", "${" + name + "}"))
                .isEqualTo("1");
    }

    @Test
    void aPropertyThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> read("lockweave.backend=local\nlockweave.namespace=a\nlockweave.namespace=b\n"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("has more than one line for lockweave.namespace");
    }

    @Test
    void severalFilesThatSayDifferentThingsAreRefused() throws Exception {
        Files.writeString(second.resolve(FILE), "lockweave.namespace=other");
        assertThatThrownBy(() -> read("lockweave.namespace=shop"))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("There are several lockweave.properties that say different things")
                .hasMessageContaining(first.toUri().toURL() + FILE)
                .hasMessageContaining(second.toUri().toURL() + FILE);
    }

    @Test
    void copiesOfOneFileAreOne() throws Exception {
        Files.writeString(second.resolve(FILE), "# as the other one\nlockweave.namespace = shop\n");
        assertThat(read("lockweave.namespace=shop").namespace()).isEqualTo("shop");
    }
}
