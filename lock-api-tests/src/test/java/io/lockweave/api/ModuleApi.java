package io.lockweave.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;

/**
 * The public types of a published module, but for those that say "Internal:" in the Javadoc of their package or of
 * their source file's type.
 *
 * @param lines the types in the order of their names, each with its members below it
 */
record ModuleApi(List<String> lines) {

    static ModuleApi of(Path module) throws IOException {
        Path classes = module.resolve("target/classes");
        try (Stream<Path> files = Files.walk(classes)) {
            List<String> lines = files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .filter(file -> !isInternal(module, classes.relativize(file)))
                    .flatMap(file -> describe(file).stream())
                    .toList();
            return new ModuleApi(lines);
        }
    }

    /** Whether a type of the module, by its name, is not internal. */
    static boolean promises(Path module, String type) {
        return !isInternal(module, Path.of(type.replace('.', '/') + ".class"));
    }

    private static List<String> describe(Path file) {
        try {
            TypeDescription type = new TypeDescription();
            new ClassReader(Files.readAllBytes(file)).accept(type, ClassReader.SKIP_CODE);
            return type.lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isInternal(Path module, Path type) {
        Path source = module.resolve("src/main/java").resolve(type);
        String name = source.getFileName().toString().replaceFirst("(\\$.*)?\\.class$", ".java");
        return saysSo(source.resolveSibling("package-info.java")) || saysSo(source.resolveSibling(name));
    }

    private static boolean saysSo(Path source) {
        try {
            return Files.exists(source) && Files.readString(source).contains("Internal:");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
