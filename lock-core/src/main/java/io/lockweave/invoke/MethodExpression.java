package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * An expression of one method, parsed and checked once. SpEL always interprets it: its compiler keeps the types of the
 * first calls, and reads later arguments as if they were of these. Paths whose reading is certain do without SpEL.
 */
final class MethodExpression {

    /** Begins at a parameter and goes on by properties: needs nothing of #root. */
    private static final Pattern PATH = Pattern.compile("\\s*#(?!root\\b|this\\b)\\w+(\\??\\.\\w+)*\\s*");

    private static final SpelParserConfiguration INTERPRETED = new SpelParserConfiguration(SpelCompilerMode.OFF, null);
    private static final Set<String> BUILT_IN = Set.of("#root", "#this");
    private static final Set<String> ROOT_PROPERTIES = Set.of("method", "methodName", "target", "targetClass", "args");

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
        if (text.contains("${")) {
            throw new LockUsageException(
                    place + " has a placeholder, and expressions are read as they stand",
                    "put the placeholder into the name, or let the expression ask for the value (in Spring:"
                            + " @environment.getProperty('...'))");
        }
        SpelNodeImpl tree;
        try {
            tree = (SpelNodeImpl)
                    new SpelExpressionParser(INTERPRETED).parseRaw(text).getAST();
        } catch (ParseException e) {
            throw new LockUsageException(
                    place + " is not valid SpEL at character " + (Math.max(0, e.getPosition()) + 1) + ": "
                            + e.getSimpleMessage(),
                    "correct the expression there; #name is a parameter, 'text' a text",
                    e);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new LockUsageException(place + " is not valid SpEL: " + e.getMessage(), "correct the expression", e);
        }
        checkVariables(place, tree, scope);
        checkStart(place, tree, scope);
        checkFunctions(place, tree, scope);
        Set<Integer> parameters = new TreeSet<>();
        if (!text.contains("#root") && !text.contains("#this")) {
            addParameters(tree, scope.names(), parameters);
        }
        tree = KeyTree.of(tree);
        checkComposites(place, tree);
        Expression parsed = new SpelExpression(text, tree, INTERPRETED);
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

    private static void checkVariables(String place, SpelNode node, MethodScope scope) {
        if (node instanceof VariableReference
                && node.toStringAST().equals("#root")
                && scope.names().has("root")) {
            throw new LockUsageException(
                    place + ": #root is the call, and also the name of a parameter",
                    "write the parameter as #p" + scope.names().indexOf("root") + ", or give it another name");
        }
        if (node instanceof VariableReference && !BUILT_IN.contains(node.toStringAST())) {
            String name = node.toStringAST();
            ParameterNames names = scope.names();
            if (names.indexOf(name.substring(1)) < 0) {
                throw names.known()
                        ? new LockUsageException(
                                place + ": there is no parameter " + name, "use one of " + names.describe())
                        : new LockUsageException(
                                place + ": the class file has no parameter names, so " + name + " is not known",
                                "compile with -parameters, or write the position: " + names.describe());
            }
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            checkVariables(place, node.getChild(i), scope);
        }
    }

    /** {@code user.id} reads as a property of #root, which has no such thing: almost always a forgotten #. */
    private static void checkStart(String place, SpelNode root, MethodScope scope) {
        SpelNode first = root instanceof CompoundExpression ? root.getChild(0) : root;
        if (first instanceof PropertyOrFieldReference property && !ROOT_PROPERTIES.contains(property.getName())) {
            String name = property.getName();
            throw new LockUsageException(
                    place + ": \"" + name + "\" is neither a parameter nor a property of #root",
                    scope.names().has(name)
                            ? "write #" + name
                            : "write parameters with # before them ("
                                    + scope.names().describe() + ") and fixed texts in single quotes");
        }
    }

    private static void checkFunctions(String place, SpelNode node, MethodScope scope) {
        if (node instanceof FunctionReference && !scope.names().has(functionName(node))) {
            if (!KeyTree.isComposite(node)) {
                throw new LockUsageException(
                        place + ": there is no function #" + functionName(node),
                        "call a method, as in T(com.acme.Keys).of(#x); the one function here is #composite(#a, #b)");
            }
            if (node.getChildCount() < 2) {
                throw new LockUsageException(
                        place + ": a composite key has two parts or more", "name them, as in #composite(#a, #b)");
            }
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            checkFunctions(place, node.getChild(i), scope);
        }
    }

    private static String functionName(SpelNode function) {
        String text = function.toStringAST();
        return text.substring(1, text.indexOf('('));
    }

    private static void checkComposites(String place, SpelNode node) {
        if (KeyTree.isComposite(node)) {
            throw new LockUsageException(
                    place + ": #composite(...) cannot stand inside of this",
                    "make it the key, an element of a list, a branch of ?: or an argument of a method");
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            checkComposites(place, node.getChild(i));
        }
    }

    @Nullable
    Object value(CallContext call) {
        try {
            return path != null ? path.read(call) : expression.getValue(call, usesRoot ? call.root() : null);
        } catch (LockUsageException e) {
            throw new LockUsageException(place + " cannot be evaluated: " + e.problem(), e.remedy(), e);
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
