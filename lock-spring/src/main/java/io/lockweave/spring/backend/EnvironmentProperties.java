package io.lockweave.spring.backend;

import io.lockweave.LockUsageException;
import io.lockweave.config.PropertyPrefix;
import io.lockweave.spi.container.LockweaveProperties;
import io.lockweave.spi.container.Placeholders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The {@code lockweave.*} properties of an application's environment. Names may be written {@code wait-time} or
 * {@code waitTime}, and names of locks in brackets. Environment variables give values, but an unknown one is no error:
 * whoever runs the application may have set it for something else.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class EnvironmentProperties implements LockweaveProperties {

    private static final String PREFIX = PropertyPrefix.TEXT;
    private static final String LOCKS = "locks.";

    /** What this module reads itself. */
    private static final Set<String> MORE = Set.of(
            "endpoint.force-release",
            "integration.registry",
            "integration.renewal",
            "integration.timeout",
            "jdbc.data-source",
            "jdbc.own-pool",
            "jpa.stale-entities",
            "metrics.enabled",
            "metrics.most-names",
            "mode",
            "observations.enabled",
            "self-invocation",
            "test.local-only",
            "transactions.stale-snapshots",
            "web.enabled",
            "web.retry-after");

    /** What conditions of Spring Boot read too, which compare the text as it stands. */
    private static final Set<String> AS_IT_STANDS =
            Set.of("endpoint.force-release", "metrics.enabled", "mode", "observations.enabled", "web.enabled");

    private final ConfigurableEnvironment environment;
    private final ConfigurableBeanFactory beans;
    private final Set<String> backends;

    /** By its name here: the name it was found under and where. */
    private final Map<String, Found> found = new LinkedHashMap<>();

    public EnvironmentProperties(
            ConfigurableEnvironment environment, ConfigurableBeanFactory beans, Set<String> backends) {
        this.environment = environment;
        this.beans = beans;
        this.backends = Set.copyOf(backends);
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable
                    && !(source instanceof SystemEnvironmentPropertySource)) {
                for (String name : enumerable.getPropertyNames()) {
                    PropertyPrefix.refuseMisspelled(name, source.getName());
                    if (name.startsWith(PREFIX)) {
                        found.putIfAbsent(canonical(name.substring(PREFIX.length())), new Found(name, source));
                    }
                }
            }
        }
        String mode = find("mode");
        if (mode != null && !mode.equalsIgnoreCase("proxy") && !mode.equalsIgnoreCase("aspectj")) {
            throw new LockUsageException(
                    place("mode") + " = \"" + mode + "\" is not valid",
                    "use proxy, or aspectj for classes that are woven");
        }
    }

    /** {@code redis.replicaAcks} and {@code redis.replica-acks} are one; names of locks stay as they are. */
    private static String canonical(String name) {
        if (name.startsWith("locks.") || name.startsWith("locks[")) {
            String plain = LOCKS
                    + name.substring(LOCKS.length() - 1)
                            .replaceFirst("^\\.", "")
                            .replaceFirst("^\\[(.*)](?=\\.[^.]*$)", "$1");
            int last = plain.lastIndexOf('.') + 1;
            return plain.substring(0, last) + dashed(plain.substring(last));
        }
        return dashed(name);
    }

    private static String dashed(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    @Override
    public Set<String> names() {
        return found.keySet();
    }

    @Override
    public @Nullable String find(String name) {
        try {
            String text = environment.getProperty(PREFIX + name);
            Found exact = found.get(name);
            if (text == null && exact != null) {
                text = environment.getProperty(exact.name());
            }
            return text == null || AS_IT_STANDS.contains(name) ? text : text.strip();
        } catch (IllegalArgumentException e) {
            throw new LockUsageException(
                    place(name) + " has a placeholder that cannot be filled in: " + e.getMessage(),
                    "define it, or give it a default",
                    e);
        }
    }

    @Override
    public String place(String name) {
        Found where = found.get(name);
        return PREFIX + name + (where == null ? "" : " (in " + where.source().getName() + ")");
    }

    @Override
    public Placeholders placeholders() {
        return this::resolve;
    }

    private String resolve(String place, String text) {
        if (!text.contains("${")) {
            return text;
        }
        try {
            String resolved = beans.resolveEmbeddedValue(text);
            return resolved == null ? "" : environment.resolveRequiredPlaceholders(resolved);
        } catch (IllegalArgumentException e) {
            throw new LockUsageException(
                    place + " = \"" + text + "\": " + e.getMessage(),
                    "define the property, or write a default: ${name:default}",
                    e);
        }
    }

    @Override
    public Set<String> more() {
        return MORE;
    }

    @Override
    public Set<String> backends() {
        return backends;
    }

    /** A property as it stands in the environment. */
    private record Found(String name, PropertySource<?> source) {}
}
