package io.lockweave.check;

import io.lockweave.LockUsageException;
import java.util.Set;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelCompilerMode;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.SpelParserConfiguration;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.InlineList;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.Ternary;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/** Parses the expressions of a method, and fails if one names what is not there. */
public final class ExpressionCheck {

    /**
     * SpEL always interprets: its compiler keeps the types of the first calls, and reads later arguments as if of
     * these.
     */
    public static final SpelParserConfiguration INTERPRETED = new SpelParserConfiguration(SpelCompilerMode.OFF, null);

    private static final String COMPOSITE = "#composite(";
    private static final Set<String> BUILT_IN = Set.of("#root", "#this");
    private static final Set<String> ROOT_PROPERTIES = Set.of("method", "methodName", "target", "targetClass", "args");

    private final String place;
    private final ParameterNames names;

    private ExpressionCheck(String place, ParameterNames names) {
        this.place = place;
        this.names = names;
    }

    /**
     * Parses an expression.
     *
     * @param place what it is, for messages: {@code key = "#user.id" of com.acme.Points.add(User)}
     * @throws LockUsageException if it does not parse or names something that is not there
     */
    public static SpelNodeImpl parse(String place, String text, MethodModel method) {
        SpelNodeImpl tree = tree(place, text);
        ExpressionCheck check = new ExpressionCheck(place, method.parameterNames());
        check.variables(tree);
        check.start(tree);
        check.functions(tree);
        check.composites(tree, true);
        PathCheck.check(place, tree, method);
        return tree;
    }

    /** As {@link #parse}, without a look at what it names. */
    static SpelNodeImpl tree(String place, String text) {
        if (text.isBlank()) {
            throw new LockUsageException(place + " is blank", "write an expression such as #user.id, or leave it out");
        }
        if (text.contains("${")) {
            throw new LockUsageException(
                    place + " has a placeholder, and expressions are read as they stand",
                    "put the placeholder into the name, or let the expression ask for the value (in Spring:"
                            + " @environment.getProperty('...'))");
        }
        try {
            return (SpelNodeImpl)
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
    }

    private void variables(SpelNode node) {
        if (node instanceof VariableReference && node.toStringAST().equals("#root") && names.has("root")) {
            throw new LockUsageException(
                    place + ": #root is the call, and also the name of a parameter",
                    "write the parameter as #p" + names.indexOf("root") + ", or give it another name");
        }
        if (node instanceof VariableReference && !BUILT_IN.contains(node.toStringAST())) {
            String name = node.toStringAST();
            if (names.indexOf(name.substring(1)) < 0) {
                throw names.known()
                        ? new LockUsageException(
                                place + ": there is no parameter " + name, "use one of " + names.describe())
                        : withoutNames(place, name, names);
            }
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            variables(node.getChild(i));
        }
    }

    /** The error for a name that only the source has. */
    public static LockUsageException withoutNames(String place, String name, ParameterNames names) {
        return new LockUsageException(
                place + ": the class file has no parameter names, so " + name + " is not known",
                "compile with " + names.option() + ", or write the position: " + names.describe());
    }

    /** The error for a property that the object of a call does not have. */
    public static LockUsageException withoutProperty(String place, String type, String name, Throwable cause) {
        return new LockUsageException(
                place + ": " + type + " has no property \"" + name + "\"",
                "read one that all objects have which can come there",
                cause);
    }

    /** {@code user.id} reads as a property of #root, which has no such thing: almost always a forgotten #. */
    private void start(SpelNode root) {
        SpelNode first = root instanceof CompoundExpression ? root.getChild(0) : root;
        if (first instanceof PropertyOrFieldReference property && !ROOT_PROPERTIES.contains(property.getName())) {
            String name = property.getName();
            throw new LockUsageException(
                    place + ": \"" + name + "\" is neither a parameter nor a property of #root",
                    names.has(name)
                            ? "write #" + name
                            : "write parameters with # before them (" + names.describe()
                                    + ") and fixed texts in single quotes");
        }
    }

    private void functions(SpelNode node) {
        if (node instanceof FunctionReference && !names.has(functionName(node))) {
            if (!isComposite(node)) {
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
            functions(node.getChild(i));
        }
    }

    private static String functionName(SpelNode function) {
        String text = function.toStringAST();
        return text.substring(1, text.indexOf('('));
    }

    /** Whether it is the function {@code #composite(...)}. */
    public static boolean isComposite(Object node) {
        return node instanceof FunctionReference function
                && function.toStringAST().startsWith(COMPOSITE);
    }

    private void composites(SpelNode node, boolean possible) {
        if (isComposite(node) && !possible) {
            throw new LockUsageException(
                    place + ": #composite(...) cannot stand inside of this",
                    "make it the key, an element of a list, a branch of ?: or an argument of a method");
        }
        boolean inside = possible
                && ((node instanceof OpPlus && node.getChildCount() == 2)
                        || node instanceof Ternary
                        || node instanceof Elvis
                        || node instanceof InlineList
                        || node instanceof MethodReference
                        || node instanceof CompoundExpression
                        || isComposite(node));
        for (int i = 0; i < node.getChildCount(); i++) {
            composites(node.getChild(i), inside);
        }
    }
}
