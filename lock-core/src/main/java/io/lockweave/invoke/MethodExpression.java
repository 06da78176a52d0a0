package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import io.lockweave.check.ExpressionCheck;
import io.lockweave.check.KeyTypeCheck;
import io.lockweave.check.ParameterNames;
import java.lang.reflect.InaccessibleObjectException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.SpelEvaluationException;
import org.springframework.expression.spel.SpelMessage;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;

/**
 * An expression of one method, parsed and checked once. SpEL always interprets it: its compiler keeps the types of the
 * first calls, and reads later arguments as if they were of these. Paths whose reading is certain do without SpEL.
 */
final class MethodExpression {

    /** Begins at a parameter and goes on by properties: needs nothing of #root. */
    private static final Pattern PATH = Pattern.compile("\\s*#(?!root\\b|this\\b)\\w+(\\??\\.\\w+)*\\s*");

    private final String place;
    private final Expression expression;
    private final boolean usesRoot;
    private final @Nullable PropertyPath path;
    private final Set<Integer> parameters;

    private MethodExpression(
            String place,
            Expression expression,
            boolean usesRoot,
            @Nullable PropertyPath path,
            Set<Integer> parameters) {
        this.place = place;
        this.expression = expression;
        this.usesRoot = usesRoot;
        this.path = path;
        this.parameters = parameters;
    }

    /**
     * Parses an expression.
     *
     * @param place what it is, for messages: {@code key = "#user.id" of com.acme.Points.add(User)}
     * @throws LockUsageException if it does not parse or names something that is not there
     */
    static MethodExpression parse(String place, String text, MethodScope scope) {
        return of(place, text, ExpressionCheck.parse(place, text, scope.model()), scope);
    }

    /** As {@link #parse}; fails also if no value of the declared type can be a key. */
    static MethodExpression key(String place, String text, MethodScope scope, String name) {
        SpelNodeImpl tree = ExpressionCheck.parse(place, text, scope.model());
        KeyTypeCheck.key(place, name, tree, scope.model()); // of a doubt the first call tells more
        return of(place, text, tree, scope);
    }

    /** As {@link #parse}; fails also if it cannot be true or false. */
    static MethodExpression condition(String place, String text, MethodScope scope) {
        SpelNodeImpl tree = ExpressionCheck.parse(place, text, scope.model());
        KeyTypeCheck.condition(place, tree, scope.model());
        return of(place, text, tree, scope);
    }

    private static MethodExpression of(String place, String text, SpelNodeImpl tree, MethodScope scope) {
        Set<Integer> parameters = new TreeSet<>();
        if (!text.contains("#root") && !text.contains("#this")) {
            addParameters(tree, scope.names(), parameters);
        }
        Expression parsed = new SpelExpression(text, KeyTree.of(tree), ExpressionCheck.INTERPRETED);
        return new MethodExpression(
                place, parsed, !PATH.matcher(text).matches(), PropertyPath.of(text, scope), Set.copyOf(parameters));
    }

    private static void addParameters(SpelNode node, ParameterNames names, Set<Integer> parameters) {
        int index = node instanceof VariableReference
                ? names.indexOf(node.toStringAST().substring(1))
                : -1;
        if (index >= 0) {
            parameters.add(index);
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            addParameters(node.getChild(i), names, parameters);
        }
    }

    @Nullable
    Object value(CallContext call) {
        try {
            return path != null ? path.read(call) : expression.getValue(call, usesRoot ? call.root() : null);
        } catch (LockUsageException e) {
            throw new LockUsageException(place + " cannot be evaluated: " + e.problem(), e.remedy(), e);
        } catch (SpelEvaluationException e) {
            @Nullable Object @Nullable [] about = e.getInserts();
            if (e.getMessageCode() == SpelMessage.PROPERTY_OR_FIELD_NOT_READABLE
                    && about != null
                    && about.length == 2) {
                throw ExpressionCheck.withoutProperty(place, String.valueOf(about[1]), String.valueOf(about[0]), e);
            }
            throw new LockUsageException(place + " cannot be evaluated: " + e.getMessage(), remedy(e), e);
        } catch (RuntimeException e) {
            throw new LockUsageException(place + " cannot be evaluated: " + e.getMessage(), remedy(e), e);
        }
    }

    private static String remedy(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getName().endsWith(".LazyInitializationException")) {
                return "pass the id itself, or load what the expression reads together with the entity (join fetch):"
                        + " it is lazy, and its session is closed";
            }
            if (cause instanceof IllegalAccessException || cause instanceof InaccessibleObjectException) {
                return "make what it reads public; in a module, open its package to io.lockweave.core, spring.core and"
                        + " spring.expression in module-info";
            }
        }
        return "see to it that all it reads is there and accessible (use ?. where something may be null)";
    }

    /** The positions of the parameters it reads; none if it reads others too, by way of #root. */
    Set<Integer> parameters() {
        return parameters;
    }

    String place() {
        return place;
    }
}
