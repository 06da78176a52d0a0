package io.lockweave.processor;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import io.lockweave.check.ExpressionCheck;
import io.lockweave.check.ParameterNames;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.processing.Filer;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * Whether the class file has the names of parameters that expressions use: no processor is told of {@code -parameters}.
 * It is one option for all classes, so that the first file with names is the last one that is looked at.
 */
final class WrittenNames {

    private static final Pattern NAME = Pattern.compile("#([A-Za-z_$][\\w$]*)");

    private final Compilation compilation;
    private final AnnotatedLocks locks;
    private final Filer filer;
    private final Trees trees;
    private final Map<String, List<Use>> uses = new HashMap<>();
    private boolean written;

    WrittenNames(Compilation compilation, Filer filer, Trees trees) {
        this.compilation = compilation;
        this.locks = new AnnotatedLocks(compilation);
        this.filer = filer;
        this.trees = trees;
    }

    /** Remembers where a class uses names: the compiler forgets its trees before it writes the file. */
    void remember(TreePath path) {
        if (written
                || !(path.getLeaf() instanceof ClassTree tree)
                || !(trees.getElement(path) instanceof TypeElement type)) {
            return;
        }
        for (Tree member : tree.getMembers()) {
            TreePath here = new TreePath(path, member);
            if (member instanceof MethodTree code && trees.getElement(here) instanceof ExecutableElement method) {
                remember(type, method, code, path.getCompilationUnit());
            } else if (member instanceof ClassTree) {
                remember(here);
            }
        }
    }

    private void remember(TypeElement type, ExecutableElement method, MethodTree code, CompilationUnitTree unit) {
        String name = nameUsed(method);
        if (name != null) {
            AnnotatedLock lock = locks.on(method).get(0);
            Tree place = SourcePlaces.annotations(code, lock).stream()
                    .findFirst()
                    .<Tree>map(one -> one)
                    .orElse(code);
            uses.computeIfAbsent(nameOf(type), none -> new ArrayList<>()).add(new Use(place, unit, method, lock, name));
        }
    }

    /** Looks at a class that was written. */
    void check(TypeElement type) {
        List<Use> here = uses.remove(nameOf(type));
        if (here == null || written) {
            return;
        }
        written = hasNames(type);
        for (Use use : written ? List.<Use>of() : here) {
            trees.printMessage(Kind.ERROR, problem(use), use.place(), use.unit());
        }
    }

    private String nameOf(TypeElement type) {
        return compilation.elements().getBinaryName(type).toString();
    }

    private String problem(Use use) {
        CompiledMethod model = new CompiledMethod(compilation, use.method());
        ParameterNames missing = new ParameterNames(
                model.parameterTypes().stream().map(CompiledType::name).toList(),
                false,
                compilation.isKotlin(Compilation.owner(use.method())));
        return String.valueOf(ExpressionCheck.withoutNames(
                        "key = \"" + use.lock().locked().key() + "\" of " + model.description(), use.name(), missing)
                .getMessage());
    }

    /**
     * A method whose key names a parameter.
     *
     * @param place where its annotation stands
     * @param name what it names
     */
    private record Use(
            Tree place, CompilationUnitTree unit, ExecutableElement method, AnnotatedLock lock, String name) {}

    /** The first name in the method's keys that only the source has. */
    private @Nullable String nameUsed(ExecutableElement method) {
        List<String> names = method.getParameters().stream()
                .map(parameter -> parameter.getSimpleName().toString())
                .toList();
        for (AnnotatedLock lock : names.isEmpty() ? List.<AnnotatedLock>of() : locks.on(method)) {
            Matcher used = NAME.matcher(lock.locked().key());
            while (used.find()) {
                if (names.contains(used.group(1))) {
                    return "#" + used.group(1);
                }
            }
        }
        return null;
    }

    /** Also if the file is not where it can be read, or too new to be read: then nothing is said. */
    private boolean hasNames(TypeElement type) {
        String file = nameOf(type).replace('.', '/') + ".class";
        try (InputStream in =
                filer.getResource(StandardLocation.CLASS_OUTPUT, "", file).openInputStream()) {
            NameVisitor visitor = new NameVisitor();
            new ClassReader(in).accept(visitor, ClassReader.SKIP_CODE | ClassReader.SKIP_FRAMES);
            return visitor.found;
        } catch (IOException | IllegalArgumentException e) {
            return true;
        }
    }

    /** Looks for names of parameters. */
    private static final class NameVisitor extends ClassVisitor {

        private boolean found;

        NameVisitor() {
            super(Opcodes.ASM9);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            return new MethodVisitor(Opcodes.ASM9) {
                @Override
                public void visitParameter(@Nullable String parameter, int flags) {
                    found |= parameter != null && (flags & Opcodes.ACC_MANDATED) == 0;
                }
            };
        }
    }
}
