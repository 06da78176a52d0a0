package io.lockweave.api;

import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** What would break users, compiled or to be compiled, that move from one jar to another. */
final class Breaks {

    private Breaks() {}

    /**
     * One line for each.
     *
     * @param classes the folder that the newer jar is made of
     * @param promised whether a class, by its name, is one that users may count on
     */
    static List<String> between(Path released, Path classes, Predicate<String> promised) throws IOException {
        Path jar = Files.createTempFile("now", ".jar");
        try {
            pack(classes, jar);
            JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
            options.setAccessModifier(AccessModifier.PROTECTED);
            options.setNoAnnotations(true);
            options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
            List<String> all = new ArrayList<>();
            for (JApiClass type : new JarArchiveComparator(options)
                    .compare(
                            new JApiCmpArchive(released.toFile(), "released"),
                            new JApiCmpArchive(jar.toFile(), "now"))) {
                if (promised.test(type.getFullyQualifiedName())) {
                    add(all, type);
                }
            }
            return all;
        } finally {
            Files.delete(jar);
        }
    }

    private static void add(List<String> all, JApiClass type) {
        String name = type.getFullyQualifiedName();
        add(all, name, type);
        for (JApiBehavior member : Stream.concat(type.getMethods().stream(), type.getConstructors().stream())
                .toList()) {
            add(all, name + "." + member.getName(), member);
        }
        for (JApiField field : type.getFields()) {
            add(all, name + "." + field.getName(), field);
        }
        type.getInterfaces().forEach(above -> add(all, name + " implements " + above.getFullyQualifiedName(), above));
        add(all, name + " extends", type.getSuperclass());
    }

    private static void add(List<String> all, String name, JApiCompatibility changed) {
        if (!changed.isBinaryCompatible() || !changed.isSourceCompatible()) {
            changed.getCompatibilityChanges().forEach(change -> all.add(name + ": " + change.getType()));
        }
    }

    static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
    }
}
