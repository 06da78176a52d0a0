package io.lockweave.config;

import io.lockweave.LockUsageException;
import io.lockweave.spi.LockBackendFactory;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders in which a program's files and services are looked for. The first locked call may come from a
 * thread whose context loader sees nothing of the program, such as one of the common pool: so the context loader is
 * never asked alone.
 */
public final class ProgramLoaders {

    private final Set<ClassLoader> loaders = new LinkedHashSet<>();

    private ProgramLoaders() {}

    /** Those of a class whose locks are asked for, if there is one, of Lockweave itself, and of the calling thread. */
    public static ProgramLoaders of(@Nullable Class<?> locked) {
        ProgramLoaders fixed = ofClass(locked == null ? ProgramLoaders.class : locked);
        fixed.add(context());
        return fixed;
    }

    /** Those of a class whose locks are asked for, and of Lockweave itself. */
    public static ProgramLoaders ofClass(Class<?> locked) {
        ProgramLoaders loaders = new ProgramLoaders();
        loaders.add(loaderOf(locked));
        loaders.add(loaderOf(ProgramLoaders.class));
        return loaders;
    }

    /** The loader of a class. */
    public static ClassLoader loaderOf(Class<?> type) {
        return orSystem(type.getClassLoader());
    }

    /** The context loader of the calling thread. */
    public static ClassLoader context() {
        return orSystem(Thread.currentThread().getContextClassLoader());
    }

    /** Whether the second loader is the first one or delegates to it. */
    public static boolean isAbove(ClassLoader above, @Nullable ClassLoader below) {
        ClassLoader at = below;
        while (at != null && at != above) {
            at = at.getParent();
        }
        return at != null;
    }

    private static ClassLoader orSystem(@Nullable ClassLoader loader) {
        return loader == null ? ClassLoader.getSystemClassLoader() : loader;
    }

    private void add(ClassLoader loader) {
        if (!seesAnotherLockweave(loader)) {
            loaders.add(loader);
        }
    }

    /** Whether it belongs to another program of this JVM, one with a Lockweave of its own. */
    private static boolean seesAnotherLockweave(ClassLoader loader) {
        try {
            return Class.forName(LockBackendFactory.class.getName(), false, loader) != LockBackendFactory.class;
        } catch (ClassNotFoundException e) {
            return false;
        } catch (LinkageError e) {
            return true;
        }
    }

    /** All resources of a name, each once. */
    List<URL> resources(String name) throws IOException {
        Map<String, URL> found = new LinkedHashMap<>(); // equals of URLs may ask a name server
        for (ClassLoader loader : loaders) {
            for (URL url : Collections.list(loader.getResources(name))) {
                found.putIfAbsent(url.toString(), url);
            }
        }
        return List.copyOf(found.values());
    }

    /**
     * All services of a type, one of each class.
     *
     * @throws LockUsageException if one of them cannot be loaded, or if loaders have different classes of one name
     */
    public <S> List<S> services(Class<S> type) {
        Map<String, ServiceLoader.Provider<S>> found = new LinkedHashMap<>();
        for (ClassLoader loader : loaders) {
            for (ServiceLoader.Provider<S> provider : providers(type, loader)) {
                Class<?> own = provider.type();
                ServiceLoader.Provider<S> known = found.putIfAbsent(own.getName(), provider);
                if (known != null && known.type() != own) {
                    throw new LockUsageException(
                            "There are two classes " + own.getName() + ", one of "
                                    + known.type().getClassLoader() + ", one of " + own.getClassLoader(),
                            "leave one of them out: a shared library and an application must not both bring it");
                }
            }
        }
        return found.values().stream().map(provider -> made(type, provider)).toList();
    }

    private static <S> List<ServiceLoader.Provider<S>> providers(Class<S> type, ClassLoader loader) {
        try {
            return ServiceLoader.load(type, loader).stream().toList();
        } catch (ServiceConfigurationError e) {
            throw broken(type, e);
        }
    }

    private static <S> S made(Class<S> type, ServiceLoader.Provider<S> provider) {
        try {
            return provider.get();
        } catch (ServiceConfigurationError e) {
            throw broken(type, e);
        }
    }

    private static LockUsageException broken(Class<?> type, ServiceConfigurationError e) {
        return new LockUsageException(
                "A service " + type.getName() + " cannot be loaded: " + e.getMessage(),
                "correct the file META-INF/services/" + type.getName() + " or the class path",
                e);
    }
}
