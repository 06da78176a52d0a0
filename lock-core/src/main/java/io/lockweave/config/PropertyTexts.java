package io.lockweave.config;

import io.lockweave.LockUsageException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where properties come from: system properties win over the first {@code lockweave.properties} of the class path.
 * Placeholders in values may also name environment variables.
 */
final class PropertyTexts implements LockweaveProperties {

    static final String FILE = "lockweave.properties";
    static final String PREFIX = "lockweave.";

    private static final Logger LOG = System.getLogger("io.lockweave");

    private final Properties file;
    private final Properties system;
    private final Placeholders placeholders;

    PropertyTexts(Properties file, Properties system, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.system = system;
        this.placeholders = new PropertyPlaceholders(name -> {
            String own = raw(name);
            return own == null ? environment.apply(name) : own;
        });
    }

    static PropertyTexts ofProgram() {
        return new PropertyTexts(loadFile(loader()), System.getProperties(), System::getenv);
    }

    static ClassLoader loader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context == null ? ClassLoader.getSystemClassLoader() : context;
    }

    private static Properties loadFile(ClassLoader loader) {
        Properties properties = new Properties();
        try {
            List<URL> found = Collections.list(loader.getResources(FILE));
            if (found.size() > 1) {
                LOG.log(Level.WARNING, "Several {0} on the class path; using the first of {1}", FILE, found);
            }
            if (!found.isEmpty()) {
                try (Reader reader = new InputStreamReader(found.get(0).openStream(), StandardCharsets.UTF_8)) {
                    properties.load(reader);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new LockUsageException(
                    FILE + " cannot be read: " + e.getMessage(), "make it a readable properties file in UTF-8", e);
        }
        return properties;
    }

    @Override
    public Placeholders placeholders() {
        return placeholders;
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (Properties source : List.of(file, system)) {
            source.stringPropertyNames().stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .forEach(name -> names.add(name.substring(PREFIX.length())));
        }
        return names;
    }

    @Override
    public @Nullable String find(String name) {
        String text = raw(PREFIX + name);
        return text == null ? null : placeholders.resolve(place(name), text).strip();
    }

    @Override
    public String place(String name) {
        String full = PREFIX + name;
        return full + (system.getProperty(full) != null ? " (system property)" : " (in " + FILE + ")");
    }

    private @Nullable String raw(String fullName) {
        String text = system.getProperty(fullName);
        return text == null ? file.getProperty(fullName) : text;
    }
}
