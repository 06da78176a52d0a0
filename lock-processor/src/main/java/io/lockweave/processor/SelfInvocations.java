package io.lockweave.processor;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import io.lockweave.LockUsageException;
import io.lockweave.check.AnnotationCheck;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic.Kind;
import org.jspecify.annotations.Nullable;

/** Finds calls of locked methods on {@code this}, which go past the proxy that would lock. */
final class SelfInvocations extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private static final Set<Modifier> NO_PROXY = Set.of(Modifier.STATIC, Modifier.PRIVATE);

    private final Compilation compilation;
    private final AnnotatedLocks locks;
    private final Trees trees;
    private final Kind kind;

    SelfInvocations(Compilation compilation, Trees trees, Kind kind) {
        this.compilation = compilation;
        this.locks = new AnnotatedLocks(compilation);
        this.trees = trees;
        this.kind = kind;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
        ExpressionTree callee = call.getMethodSelect();
        boolean onThis = callee instanceof IdentifierTree
                || (callee instanceof MemberSelectTree select && isThis(select.getExpression()));
        if (onThis) {
            check(call, new TreePath(getCurrentPath(), callee));
        }
        return super.visitMethodInvocation(call, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree reference, @Nullable Void none) {
        if (isThis(reference.getQualifierExpression())) {
            check(reference, getCurrentPath());
        }
        return super.visitMemberReference(reference, null);
    }

    /** {@code this}, {@code super}, {@code Outer.this} or {@code Outer.super}. */
    private static boolean isThis(ExpressionTree tree) {
        if (tree instanceof IdentifierTree name) {
            return name.getName().contentEquals("this") || name.getName().contentEquals("super");
        }
        return tree instanceof MemberSelectTree select
                && (select.getIdentifier().contentEquals("this")
                        || select.getIdentifier().contentEquals("super"));
    }

    private void check(Tree place, TreePath callee) {
        if (!(trees.getElement(callee) instanceof ExecutableElement method)
                || method.getModifiers().stream().anyMatch(NO_PROXY::contains)
                || locks.on(method).isEmpty()) {
            return;
        }
        Element caller = caller();
        if (caller == null || (kind != Kind.ERROR && Diagnostics.isSuppressed(caller))) {
            return;
        }
        CompiledMethod called = new CompiledMethod(compilation, method);
        LockUsageException problem = AnnotationCheck.selfInvocation(
                caller instanceof ExecutableElement one && caller.getKind() == ElementKind.METHOD
                        ? new CompiledMethod(compilation, one).description()
                        : new CompiledType(
                                        compilation, Compilation.owner(caller).asType())
                                .name(),
                line(getCurrentPath(), place),
                called.description(),
                lockOf(method));
        trees.printMessage(
                kind,
                String.valueOf(problem.getMessage()),
                place,
                getCurrentPath().getCompilationUnit());
    }

    /** The method, field or initializer around the current place. */
    private @Nullable Element caller() {
        for (TreePath path = getCurrentPath(); path != null; path = path.getParentPath()) {
            Tree.Kind tree = path.getLeaf().getKind();
            boolean member = path.getParentPath() != null
                    && path.getParentPath().getLeaf().getKind() == Tree.Kind.CLASS;
            if (tree == Tree.Kind.METHOD || (tree == Tree.Kind.VARIABLE && member)) {
                return trees.getElement(path);
            }
        }
        return null;
    }

    private long line(TreePath path, Tree tree) {
        long position = trees.getSourcePositions().getStartPosition(path.getCompilationUnit(), tree);
        return path.getCompilationUnit().getLineMap().getLineNumber(position);
    }

    /** Where the lock is said, if that is compiled too. */
    private String lockOf(ExecutableElement method) {
        TreePath path = trees.getPath(method, locks.on(method).get(0).shown());
        return path == null ? "" : " of line " + line(path, path.getLeaf());
    }
}
