package io.lockweave;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The classes in one folder or jar. */
final class ClassesBeside {

    private static final String SUFFIX = ".class";

    private ClassesBeside() {}

    /** All classes in the place that one of them was loaded from, loaded by its loader and not initialized. */
    static List<Class<?>> of(Class<?> one) {
        return in(place(one), one.getClassLoader());
    }

    /** All classes in a folder or jar, loaded by a loader that knows it. */
    static List<Class<?>> in(Path place, ClassLoader loader) {
        return in(place, "", loader);
    }

    /** All classes of a package and of those below it. */
    static List<Class<?>> ofPackage(ClassLoader loader, String name) {
        String folder = name.replace('.', '/');
        List<Class<?>> all = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(folder))) {
                all.addAll(in(root(url, folder), folder, loader));
            }
        } catch (IOException e) {
            throw unreadable("package " + name, e);
        }
        if (all.isEmpty()) {
            throw new LockUsageException(
                    "There are no classes in package " + name, "give the name of a package that the class path has");
        }
        return all;
    }

    /** The folder or jar that has the package. */
    private static Path root(URL url, String folder) {
        try {
            String text = url.toString();
            if (url.getProtocol().equals("jar")) {
                return Path.of(URI.create(text.substring("jar:".length(), text.indexOf("!/"))));
            }
            Path here = Path.of(url.toURI());
            for (int i = Path.of(folder).getNameCount(); i > 0; i--) {
                here = Objects.requireNonNull(here.getParent(), "a package is in a folder");
            }
            return here;
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            throw new LockUsageException(
                    url + " is neither in a folder nor in a jar", "name the classes with require", e);
        }
    }

    private static List<Class<?>> in(Path place, String folder, ClassLoader loader) {
        try {
            if (Files.isDirectory(place)) {
                return load(place, folder, loader);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return load(jar.getPath("/"), folder, loader);
            }
        } catch (IOException | ProviderNotFoundException e) {
            throw unreadable(place.toString(), e);
        }
    }

    private static LockUsageException unreadable(String place, Exception e) {
        return new LockUsageException(
                "The classes in " + place + " cannot be read: " + e.getMessage(), "name them with require", e);
    }

    private static Path place(Class<?> one) {
        CodeSource source = one.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        try {
            if (location != null && location.getProtocol().equals("file")) {
                return Path.of(location.toURI());
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new LockUsageException(
                one.getName() + " was loaded from " + location + ", which is neither a folder nor a jar",
                "name the classes with require");
    }

    private static List<Class<?>> load(Path root, String folder, ClassLoader loader) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(folder))) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name ->
                            name.endsWith(SUFFIX) && !name.endsWith("-info" + SUFFIX) && !name.startsWith("META-INF"))
                    .<Class<?>>map(name -> load(name, root.getFileSystem().getSeparator(), loader))
                    .toList();
        }
    }

    private static Class<?> load(String file, String separator, ClassLoader loader) {
        String name = file.substring(0, file.length() - SUFFIX.length()).replace(separator, ".");
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new LockUsageException(
                    name + " cannot be loaded: " + e,
                    "add what it needs to the class path, or name the classes with require",
                    e);
        }
    }
}
