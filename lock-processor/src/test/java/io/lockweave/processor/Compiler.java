package io.lockweave.processor;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Runs the JDK's compiler with the processor over sources of a test. */
final class Compiler {

    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile(
            "(?m)(?:^|; )(?:public |final |abstract )*(?:class|interface|record|enum|@interface) (\\w+)");

    private final List<String> options = new ArrayList<>(List.of("-parameters", "-Xlint:-options"));
    private final List<JavaFileObject> sources = new ArrayList<>();
    private boolean discovered;
    private String classPath = System.getProperty("java.class.path");

    /**
     * Something that the compiler told.
     *
     * @param code the text of the line
     */
    record Told(Diagnostic.Kind kind, String file, long line, String code, String message) {

        boolean isError() {
            return kind == Diagnostic.Kind.ERROR;
        }
    }

    Compiler with(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    Compiler without(String option) {
        options.remove(option);
        return this;
    }

    /**
     * With all processors that the class path has, as a build tool finds them. From JDK 23 on it has to name the path.
     */
    Compiler withDiscoveredProcessors() {
        discovered = true;
        return with("-processorpath", classPath);
    }

    Compiler classPath(String path) {
        classPath = path;
        return this;
    }

    Compiler source(String text) {
        Matcher pack = PACKAGE.matcher(text);
        Matcher type = TYPE.matcher(text);
        String name = (pack.find() ? pack.group(1) + "." : "") + (type.find() ? type.group(1) : "Unnamed");
        sources.add(
                new SimpleJavaFileObject(
                        URI.create("string:///" + name.replace('.', '/') + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                });
        return this;
    }

    Compiler file(Path path) {
        try {
            return source(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compiles, and returns what was told but for notes. */
    List<Told> compile() {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> all = new DiagnosticCollector<>();
        try {
            Path folder = Files.createTempDirectory("compiled");
            try (StandardJavaFileManager files = javac.getStandardFileManager(all, Locale.ROOT, null)) {
                List<String> arguments = new ArrayList<>(options);
                arguments.addAll(List.of("-d", folder.toString(), "-cp", classPath));
                JavaCompiler.CompilationTask task = javac.getTask(null, files, all, arguments, null, sources);
                if (!discovered) {
                    task.setProcessors(List.of(new LockedProcessor()));
                }
                task.call();
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.getDiagnostics().stream()
                .filter(one -> one.getKind() != Diagnostic.Kind.NOTE)
                .map(Compiler::told)
                .toList();
    }

    private static Told told(Diagnostic<? extends JavaFileObject> one) {
        String code = "";
        try {
            if (one.getSource() != null && one.getLineNumber() > 0) {
                code = one.getSource()
                        .getCharContent(true)
                        .toString()
                        .lines()
                        .skip(one.getLineNumber() - 1)
                        .findFirst()
                        .orElse("")
                        .strip();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String path = one.getSource() == null ? "" : one.getSource().getName();
        return new Told(
                one.getKind(),
                path.substring(path.lastIndexOf('/') + 1),
                one.getLineNumber(),
                code,
                one.getMessage(Locale.ROOT));
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
