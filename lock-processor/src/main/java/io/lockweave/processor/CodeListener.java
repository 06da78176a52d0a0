package io.lockweave.processor;

import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.HashSet;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Looks at the code of each class once the compiler knows what it calls, and at the class file once it is written. */
final class CodeListener implements TaskListener {

    private final Trees trees;
    private final @Nullable SelfInvocations selfInvocations;
    private final WrittenNames names;
    private final Set<String> seen = new HashSet<>();

    CodeListener(ProcessingEnvironment environment, Trees trees, Options options) {
        Compilation compilation = new Compilation(environment);
        this.trees = trees;
        Kind kind = options.selfInvocation();
        this.selfInvocations = kind == null ? null : new SelfInvocations(compilation, trees, kind);
        this.names = new WrittenNames(compilation, environment.getFiler(), trees);
    }

    @Override
    public void finished(TaskEvent event) {
        TypeElement type = event.getTypeElement();
        if (type == null) {
            return;
        }
        if (event.getKind() == TaskEvent.Kind.ANALYZE
                && seen.add(type.getQualifiedName().toString())) {
            TreePath path = trees.getPath(type);
            if (path != null) {
                if (selfInvocations != null) {
                    selfInvocations.scan(path, null);
                }
                names.remember(path);
            }
        } else if (event.getKind() == TaskEvent.Kind.GENERATE) {
            names.check(type);
        }
    }
}
