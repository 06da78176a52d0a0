package io.lockweave.schedules;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A class of the engine with a bug put in: its source with one passage replaced. The passage must be there, so that a
 * mutant cannot outlive the code it was made for.
 */
public record Mutant(String name, Class<?> of, String passage, String instead) {

    /** The classes that come of the changed source. */
    Map<String, byte[]> compile() {
        try {
            Path classes = placeOf(of);
            Path source = sourceBeside(classes);
            String sound = Files.readString(source);
            if (!sound.contains(passage)) {
                throw new AssertionError("The mutant \"" + name + "\" has no place in " + source + ": " + passage);
            }
            Path target = Files.createTempDirectory(classes.getParent(), "mutant");
            compile(sound.replace(passage, instead), target);
            return read(target);
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Of the module whose classes these are, wherever its build has put them. */
    private Path sourceBeside(Path classes) {
        String file = "src/main/java/" + of.getName().replace('.', '/') + ".java";
        Path module = classes;
        while (!Files.exists(module.resolve(file))) {
            module = module.getParent();
            if (module == null) {
                throw new AssertionError("There is no " + file + " above " + classes);
            }
        }
        return module.resolve(file);
    }

    private void compile(String text, Path target) throws URISyntaxException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = Stream.concat(
                        Stream.of(of, Nullable.class, GuardedBy.class)
                                .map(Mutant::placeOf)
                                .map(Path::toString),
                        Stream.of(System.getProperty("java.class.path")))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        URI uri = new URI("string:///" + of.getName().replace('.', '/') + ".java");
        StringWriter complaints = new StringWriter();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of("-d", target.toString(), "-proc:none", "-cp", classPath),
                        null,
                        List.of(new SimpleJavaFileObject(uri, SimpleJavaFileObject.Kind.SOURCE) {
                            @Override
                            public CharSequence getCharContent(boolean ignored) {
                                return text;
                            }
                        }))
                .call();
        if (!compiled) {
            throw new AssertionError("The mutant \"" + name + "\" does not compile: " + complaints);
        }
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, byte[]> read(Path target) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(target)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = target.relativize(file).toString();
                classes.put(
                        path.substring(0, path.length() - ".class".length()).replace('/', '.'),
                        Files.readAllBytes(file));
                Files.delete(file);
            }
        }
        return classes;
    }

    @Override
    public String toString() {
        return name;
    }
}
