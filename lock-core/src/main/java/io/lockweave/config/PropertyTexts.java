package io.lockweave.config;

import io.lockweave.spi.container.LockweaveProperties;
import io.lockweave.spi.container.Placeholders;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where properties come from: system properties win over the {@code lockweave.properties} of the class path.
 * Placeholders in values may also name environment variables.
 */
final class PropertyTexts implements LockweaveProperties {

    private static final String PREFIX = PropertyPrefix.TEXT;

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
        file.stringPropertyNames().forEach(name -> PropertyPrefix.refuseMisspelled(name, "in " + ProgramFile.NAME));
        system.stringPropertyNames().forEach(name -> PropertyPrefix.refuseMisspelled(name, "system property"));
    }

    static PropertyTexts of(ProgramFile file) {
        return new PropertyTexts(file.properties(), System.getProperties(), System::getenv);
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
        return full + (system.getProperty(full) != null ? " (system property)" : " (in " + ProgramFile.NAME + ")");
    }

    private @Nullable String raw(String fullName) {
        String text = system.getProperty(fullName);
        return text == null ? file.getProperty(fullName) : text;
    }
}
