package io.lockweave.check;

import io.lockweave.LockUsageException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.VariableReference;

/**
 * Follows an expression through the declared types, and fails where a property or method is certainly missing. Says
 * nothing of what it does not know: what beans and #root have, what an {@link Object} or another abstract type may
 * turn out to be.
 */
final class PathCheck {

    private static final String OPTIONAL = Optional.class.getName();

    private final String place;
    private final MethodModel method;

    private PathCheck(String place, MethodModel method) {
        this.place = place;
        this.method = method;
    }

    static void check(String place, SpelNodeImpl tree, MethodModel method) {
        new PathCheck(place, method).type(tree, null);
    }

    /** The declared type of what the tree comes to; null if it is not known. */
    static @Nullable TypeModel typeOf(String place, SpelNodeImpl tree, MethodModel method) {
        return new PathCheck(place, method).type(tree, null);
    }

    /**
     * The context is the type of what a property without anything before it belongs to, as an element in a projection.
     */
    private @Nullable TypeModel type(SpelNode node, @Nullable TypeModel context) {
        if (node instanceof CompoundExpression) {
            TypeModel type = type(node.getChild(0), context);
            for (int i = 1; i < node.getChildCount(); i++) {
                type = step(type, node.getChild(i), context);
            }
            return type;
        }
        if (node instanceof VariableReference) {
            int index = method.parameterNames().indexOf(node.toStringAST().substring(1));
            if (node.toStringAST().equals("#this")) {
                return context;
            }
            return index < 0 ? null : method.parameterTypes().get(index);
        }
        if (node instanceof PropertyOrFieldReference || node instanceof MethodReference) {
            return step(context, node, context);
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            type(node.getChild(i), context);
        }
        return null;
    }

    private @Nullable TypeModel step(@Nullable TypeModel from, SpelNode node, @Nullable TypeModel context) {
        TypeModel known = from;
        if (known != null && node instanceof SpelNodeImpl step && step.isNullSafe() && known.is(OPTIONAL)) {
            known = known.arguments().isEmpty() ? null : known.arguments().get(0);
        }
        if (node instanceof PropertyOrFieldReference property) {
            return known == null ? null : property(known, property.getName());
        }
        if (node instanceof Projection || node instanceof Selection) {
            type(node.getChild(0), known == null ? null : element(known));
            return node instanceof Selection ? known : null;
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            type(node.getChild(i), context);
        }
        if (node instanceof MethodReference call) {
            return known == null ? null : call(known, call.getName(), node.getChildCount());
        }
        return node instanceof Indexer && known != null ? indexed(known) : null;
    }

    private @Nullable TypeModel property(TypeModel type, String name) {
        if (type.is("java.lang.Class")) {
            return null; // what it stands for is asked as well
        }
        TypeModel property = type.property(name);
        boolean map = type.is("java.util.Map");
        if (property != null || name.equals("class") || type.isUnfinished() || (type.isAbstract() && !map)) {
            return property;
        }
        throw noProperty(type, name, type.is(OPTIONAL), map);
    }

    private LockUsageException noProperty(TypeModel type, String name, boolean optional, boolean map) {
        List<String> all = type.properties();
        String nearest = Properties.nearest(name, all);
        boolean hidden = type.hides(name);
        String problem = place + ": " + (type.element() == null ? type.name() : type.text()) + " has no "
                + (hidden ? "public " : "") + "property \"" + name + "\""
                + (nearest.isEmpty() || hidden ? "" : " (did you mean " + nearest + "?)");
        if (optional || map) {
            return new LockUsageException(
                    problem,
                    optional ? "write ?." + name + " to read it of what is in there" : "write ['" + name + "']");
        }
        if (hidden || all.isEmpty()) {
            return new LockUsageException(
                    problem, "give it a public getter, or call a method, as in T(com.acme.Keys).of(#x)");
        }
        return new LockUsageException(problem, "use one of " + String.join(", ", all));
    }

    private @Nullable TypeModel call(TypeModel type, String name, int arguments) {
        List<? extends MethodModel> named = type.publicMethods().stream()
                .filter(one -> one.name().equals(name) && !one.isSynthetic())
                .toList();
        List<? extends MethodModel> fitting = named.stream()
                .filter(one -> one.parameterTypes().size() == arguments || one.isVarArgs())
                .toList();
        if (!fitting.isEmpty()) {
            return fitting.size() == 1 ? fitting.get(0).result() : null;
        }
        if (type.isAbstract() || type.isUnfinished() || type.isPrimitive() || type.is("java.lang.Class")) {
            return null;
        }
        throw new LockUsageException(
                place + ": " + type.name() + " has no public method " + name + " with "
                        + (arguments == 0 ? "no parameters" : arguments + " parameter" + (arguments == 1 ? "" : "s")),
                named.isEmpty()
                        ? "call a method that it has, or a static one, as in T(com.acme.Keys).of(#x)"
                        : "call it as it is declared");
    }

    private static @Nullable TypeModel indexed(TypeModel type) {
        if (type.element() != null) {
            return type.element();
        }
        List<TypeModel> ofMap = type.arguments("java.util.Map");
        return ofMap.size() == 2 ? ofMap.get(1) : first(type.arguments("java.util.List"));
    }

    private static @Nullable TypeModel element(TypeModel type) {
        if (type.element() != null) {
            return type.element();
        }
        return type.is("java.util.Map") ? null : first(type.arguments("java.lang.Iterable"));
    }

    private static @Nullable TypeModel first(List<TypeModel> types) {
        return types.isEmpty() ? null : types.get(0);
    }
}
