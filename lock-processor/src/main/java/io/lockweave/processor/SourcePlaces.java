package io.lockweave.processor;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Finds the source of annotations that are repeated. */
final class SourcePlaces {

    private final Trees trees;

    SourcePlaces(Trees trees) {
        this.trees = trees;
    }

    /** Tells it there; false if the place is not found. */
    boolean tell(Kind kind, String message, Element method, AnnotatedLock lock, String attribute) {
        TreePath path = trees.getPath(method);
        if (path == null || !(path.getLeaf() instanceof MethodTree tree)) {
            return false;
        }
        List<? extends AnnotationTree> same = annotations(tree, lock);
        if (lock.index() >= same.size()) {
            return false; // the container is written out
        }
        AnnotationTree annotation = same.get(lock.index());
        Tree place = value(annotation, nameOf(lock, attribute));
        trees.printMessage(kind, message, place == null ? annotation : place, path.getCompilationUnit());
        return true;
    }

    /** The annotations of a method that have the type of the one that is shown. */
    static List<? extends AnnotationTree> annotations(MethodTree method, AnnotatedLock lock) {
        String type =
                lock.shown().getAnnotationType().asElement().getSimpleName().toString();
        return method.getModifiers().getAnnotations().stream()
                .filter(one -> isOrEndsWith(one.getAnnotationType().toString(), type))
                .toList();
    }

    private static boolean isOrEndsWith(String name, String simple) {
        return name.equals(simple) || name.endsWith("." + simple);
    }

    /** What the annotation that is shown calls the attribute. */
    private static @Nullable String nameOf(AnnotatedLock lock, String attribute) {
        AnnotationValue value = lock.place(attribute);
        return AnnotatedLocks.said(lock.shown()).entrySet().stream()
                .filter(one -> one.getValue() == value)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Tree value(AnnotationTree annotation, @Nullable String name) {
        for (ExpressionTree argument : annotation.getArguments()) {
            if (argument instanceof AssignmentTree assignment
                    && assignment.getVariable().toString().equals(name)) {
                return assignment.getExpression();
            }
        }
        return null;
    }
}
