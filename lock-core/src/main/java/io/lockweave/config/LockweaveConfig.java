package io.lockweave.config;

import io.lockweave.LockRelease;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.container.LockweaveProperties;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a program without a container, read and checked at once. Immutable.
 *
 * <p>{@code lockweave.backend} names the primary backend. Any other backend that an annotation or
 * {@code lockweave.locks.<name>.backend} asks for is made when it is first asked for, from its own
 * {@code lockweave.<backend>.*}.
 */
public final class LockweaveConfig {

    /** The backend that is used when none is configured. */
    public static final String LOCAL = "local";

    private static final String LOCKS = "locks.";
    private static final String ACCEPT_TIME = "shutdown.accept-time";
    private static final String HOLD_TIME = "shutdown.hold-time";
    private static final Set<String> GENERAL = Set.of(
            "backend",
            "namespace",
            "wait-time",
            "lease-time",
            "max-hold-time",
            "fail-fast-after",
            "long-hold",
            "release",
            ACCEPT_TIME,
            HOLD_TIME);
    private static final Set<String> OF_A_NAME = Set.of(
            "enabled",
            "backend",
            "wait-time",
            "lease-time",
            "hold-at-least",
            "renew",
            "fair",
            "permits",
            "on-unavailable",
            "on-lost",
            "release");

    private final LockweaveProperties texts;
    private final BackendCatalog backends;
    private final @Nullable String backend;
    private final @Nullable String namespace;
    private final @Nullable Duration waitTime;
    private final @Nullable Duration leaseTime;
    private final @Nullable Duration maxHoldTime;
    private final @Nullable Duration longHold;
    private final @Nullable Duration failFastAfter;
    private final @Nullable LockRelease release;
    private final Duration acceptTime;
    private final Duration holdTime;
    private final Map<String, NameSettings> names = new HashMap<>();

    private LockweaveConfig(LockweaveProperties texts, BackendCatalog backends) {
        this.texts = texts;
        this.backends = backends;
        texts.names().forEach(this::refuseUnknown);
        PropertyValues general = new PropertyValues(texts, "");
        this.backend = general.text("backend").map(this::known).orElse(null);
        this.namespace = general.text("namespace").orElse(null);
        this.waitTime = general.durationOrNull("wait-time", true);
        this.leaseTime = general.durationOrNull("lease-time", false);
        if (leaseTime != null) {
            DurationText.requireLease(texts.place("lease-time"), leaseTime);
        }
        this.maxHoldTime = general.durationOrNull("max-hold-time", false);
        this.longHold = general.durationOrNull("long-hold", true);
        this.failFastAfter = general.durationOrNull("fail-fast-after", true);
        this.release = general.constantOrNull("release", LockRelease.class);
        this.acceptTime = finite(general, ACCEPT_TIME, Duration.ofSeconds(10));
        this.holdTime = finite(general, HOLD_TIME, Duration.ofSeconds(20));
        for (String property : texts.names()) {
            if (property.startsWith(LOCKS)) {
                names.computeIfAbsent(nameIn(property), this::read);
            }
        }
    }

    /**
     * Reads the class path and the system properties of this program.
     *
     * @throws LockUsageException if a property or value is not known; the message lists the valid ones
     */
    public static LockweaveConfig ofProgram() {
        ProgramLoaders loaders = ProgramLoaders.of(null);
        return of(ProgramFile.find(loaders), loaders);
    }

    /** As {@link #ofProgram()}, from this file, with the backends that these loaders see. */
    public static LockweaveConfig of(ProgramFile file, ProgramLoaders loaders) {
        return new LockweaveConfig(PropertyTexts.of(file), BackendCatalog.of(loaders));
    }

    /** As {@link #ofProgram()}, from these properties and nothing else. Backends are found as there. */
    public static LockweaveConfig of(Properties properties) {
        return of(new PropertyTexts(properties, new Properties(), name -> null));
    }

    /** As {@link #ofProgram()}, from the properties of a container. Backends are found as there. */
    public static LockweaveConfig of(LockweaveProperties properties) {
        return new LockweaveConfig(properties, BackendCatalog.of(ProgramLoaders.of(null)));
    }

    /** The primary backend. */
    public String backend() {
        return backend == null ? LOCAL : backend;
    }

    /** Whether a backend was chosen, rather than being local for want of a choice. */
    public boolean backendChosen() {
        return backend != null;
    }

    /** The namespace of all keys, or null for the default. */
    public @Nullable String namespace() {
        return namespace;
    }

    /** The wait time of locks that name none, or null for the default. */
    public @Nullable Duration waitTime() {
        return waitTime;
    }

    /** The lease time of locks that name none, or null for the default. */
    public @Nullable Duration leaseTime() {
        return leaseTime;
    }

    /** The longest that any lock is held, or null if there is no such bound. */
    public @Nullable Duration maxHoldTime() {
        return maxHoldTime;
    }

    /** After which time the log tells of a hold, or null for the default. */
    public @Nullable Duration longHold() {
        return longHold;
    }

    /** After which time without an answer of a store claims fail at once, or null for the default. */
    public @Nullable Duration failFastAfter() {
        return failFastAfter;
    }

    /** Whether releases that do not say so are awaited, or null for the default. */
    public @Nullable LockRelease release() {
        return release;
    }

    /** How long after the program began to end it still takes locks for code that holds none. */
    public Duration acceptTime() {
        return acceptTime;
    }

    /** How long after the program began to end what is held is renewed. */
    public Duration holdTime() {
        return holdTime;
    }

    private static Duration finite(PropertyValues values, String property, Duration otherwise) {
        Duration time = values.durationOrNull(property, false);
        return time == null ? otherwise : time;
    }

    /**
     * What is configured for the locks of one name, also by sources that do not list their properties, such as
     * environment variables.
     */
    public NameSettings locks(String name) {
        NameSettings known = names.get(name);
        return known != null ? known : read(name);
    }

    /**
     * What is configured for names that are not among these, each with the one that it may have been meant for: such
     * settings do nothing, unless a program takes locks of that name by itself.
     */
    public Map<String, Optional<String>> namesBeside(Collection<String> used) {
        Map<String, Optional<String>> others = new TreeMap<>();
        for (String name : names.keySet()) {
            if (!used.contains(name)) {
                others.put(name, Words.nearest(name, used));
            }
        }
        return others;
    }

    /** Fills in placeholders from the same properties and from environment variables. */
    public Placeholders placeholders() {
        return texts.placeholders();
    }

    /**
     * Makes a backend from its settings.
     *
     * @throws LockUsageException if there is no such backend on the class path or its settings are wrong
     * @throws io.lockweave.LockBackendException if its store cannot be reached
     */
    public LockBackend open(String backend) {
        return backends.find("A lock", backend, texts.backends()).create(settings(backend));
    }

    /** What is configured below {@code lockweave.<backend>}. */
    public BackendSettings settings(String backend) {
        return new PropertyValues(texts, backend + ".");
    }

    /** What is configured below {@code lockweave} itself. */
    public BackendSettings settings() {
        return new PropertyValues(texts, "");
    }

    private String known(String name) {
        if (texts.backends().contains(name)) {
            return name;
        }
        return backends.find(texts.place("backend") + " = \"" + name + "\"", name, texts.backends())
                .name();
    }

    private NameSettings read(String name) {
        PropertyValues values = new PropertyValues(texts, LOCKS + name + ".");
        return new NameSettings(
                values.flag("enabled", true),
                values.text("backend").orElse(null),
                values.durationOrNull("wait-time", true),
                values.durationOrNull("lease-time", false),
                values.durationOrNull("hold-at-least", false),
                values.flagOrNull("renew"),
                values.flagOrNull("fair"),
                values.numberOrNull("permits", 1),
                values.constantOrNull("on-unavailable", Locked.OnUnavailable.class),
                values.constantOrNull("on-lost", Locked.OnLost.class),
                values.constantOrNull("release", LockRelease.class));
    }

    private static String nameIn(String property) {
        return property.substring(LOCKS.length(), Math.max(LOCKS.length(), property.lastIndexOf('.')));
    }

    private void refuseUnknown(String property) {
        if (GENERAL.contains(property) || texts.more().contains(property)) {
            return;
        }
        String first = property.substring(0, Math.max(0, property.indexOf('.')));
        String problem = "Unknown property " + texts.place(property);
        if (property.startsWith(LOCKS)) {
            String last = property.substring(property.lastIndexOf('.') + 1);
            if (nameIn(property).isEmpty() || !OF_A_NAME.contains(last)) {
                throw Words.unknown(problem, last, OF_A_NAME);
            }
        } else if (backends.names().contains(first)) {
            Set<String> own = backends.find(problem, first, Set.of()).properties();
            String rest = property.substring(first.length() + 1);
            if (!own.contains(rest)) {
                throw Words.unknown(problem, rest, own);
            }
        } else if (BackendCatalog.MODULES.containsKey(first)) {
            throw new LockUsageException(
                    problem + ": there is no backend \"" + first + "\" on the class path",
                    "add " + BackendCatalog.MODULES.get(first) + ", or remove the property");
        } else {
            Set<String> valid = new TreeSet<>(GENERAL);
            valid.addAll(texts.more());
            valid.add("locks.<name>.<" + String.join("|", new TreeSet<>(OF_A_NAME)) + ">");
            backends.names().forEach(name -> backends.find(problem, name, Set.of())
                    .properties()
                    .forEach(own -> valid.add(name + "." + own)));
            throw Words.unknown(problem, property, valid);
        }
    }
}
