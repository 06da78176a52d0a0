package io.lockweave;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Stream;

/** The classes in one folder or jar. */
final class ClassesBeside {

    private static final String SUFFIX = ".class";

    private ClassesBeside() {}

    /** All classes in the place that one of them was loaded from, loaded by its loader and not initialized. */
    static List<Class<?>> of(Class<?> one) {
        Path place = place(one);
        try {
            if (Files.isDirectory(place)) {
                return load(place, one.getClassLoader());
            }
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return load(jar.getPath("/"), one.getClassLoader());
            }
        } catch (IOException e) {
            throw new LockUsageException(
                    "The classes in " + place + " cannot be read: " + e.getMessage(), "name them with require", e);
        }
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

    private static List<Class<?>> load(Path root, ClassLoader loader) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
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
