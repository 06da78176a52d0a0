package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.check.ExpressionCheck;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.TypedValue;
import org.springframework.expression.spel.ExpressionState;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Elvis;
import org.springframework.expression.spel.ast.InlineList;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.OpPlus;
import org.springframework.expression.spel.ast.SpelNodeImpl;
import org.springframework.expression.spel.ast.Ternary;

/**
 * The tree of an expression, with nodes of ours where SpEL's would make a key that another node of the same cluster
 * does not make: joins of texts with null or with values that have no canonical text, and {@link Optional}, which
 * {@code ?.} and {@code ?:} look through in Spring 7 alone. Adds {@code #composite(...)}.
 */
final class KeyTree {

    private KeyTree() {}

    /** The tree as keys need it. The nodes that stay are used again. */
    static SpelNodeImpl of(SpelNodeImpl node) {
        int start = node.getStartPosition();
        int end = node.getEndPosition();
        if (node instanceof OpPlus && node.getChildCount() == 2) {
            return new Join(start, end, children(node));
        }
        if (node instanceof Ternary) {
            return new Ternary(start, end, children(node));
        }
        if (node instanceof Elvis) {
            SpelNodeImpl[] parts = children(node);
            return new Elvis(start, end, new Present(parts[0]), parts[1]);
        }
        if (node instanceof InlineList) {
            return new InlineList(start, end, children(node));
        }
        if (node instanceof MethodReference method) {
            return new MethodReference(method.isNullSafe(), method.getName(), start, end, children(node));
        }
        if (ExpressionCheck.isComposite(node)) {
            return new Composite(start, end, children(node));
        }
        if (node instanceof CompoundExpression) {
            return new CompoundExpression(start, end, steps(children(node)));
        }
        return node;
    }

    private static SpelNodeImpl[] children(SpelNodeImpl node) {
        return IntStream.range(0, node.getChildCount())
                .mapToObj(i -> of((SpelNodeImpl) node.getChild(i)))
                .toArray(SpelNodeImpl[]::new);
    }

    /** With a step before each {@code ?.} that looks through an Optional. */
    private static SpelNodeImpl[] steps(SpelNodeImpl[] parts) {
        return IntStream.range(0, parts.length)
                .boxed()
                .<SpelNodeImpl>mapMulti((i, out) -> {
                    if (i > 0 && parts[i].isNullSafe()) {
                        out.accept(new Present(parts[i].getStartPosition(), parts[i].getEndPosition()));
                    }
                    out.accept(parts[i]);
                })
                .toArray(SpelNodeImpl[]::new);
    }

    /** The canonical text of a value; characters as they are, also if they are blank. */
    static String text(@Nullable Object value, String place) {
        if (value == null) {
            throw new LockUsageException(
                    "what " + place + " makes a text of is null",
                    "use only what is always there, or ?: for another value");
        }
        return value instanceof CharSequence characters
                ? characters.toString()
                : LockKey.of(place, value).value();
    }

    /** {@code a + b}: numbers are added; texts are joined with what has a canonical text, and never with null. */
    private static final class Join extends OpPlus {

        Join(int start, int end, SpelNodeImpl... operands) {
            super(start, end, operands);
        }

        @Override
        public TypedValue getValueInternal(ExpressionState state) {
            TypedValue left = children[0].getValueInternal(state);
            TypedValue right = children[1].getValueInternal(state);
            if (left.getValue() instanceof CharSequence || right.getValue() instanceof CharSequence) {
                return new TypedValue(text(left.getValue(), toStringAST()) + text(right.getValue(), toStringAST()));
            }
            return new OpPlus(getStartPosition(), getEndPosition(), new Known(left), new Known(right))
                    .getValueInternal(state);
        }
    }

    /** {@code #composite(a, b)}: one key of several parts. */
    private static final class Composite extends SpelNodeImpl {

        Composite(int start, int end, SpelNodeImpl... parts) {
            super(start, end, parts);
        }

        @Override
        public TypedValue getValueInternal(ExpressionState state) {
            Object[] parts = new Object[children.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = children[i].getValueInternal(state).getValue();
            }
            Object[] more = Arrays.copyOfRange(parts, 2, parts.length);
            return new TypedValue(
                    LockKey.of("#composite", parts[0], parts[1], more).value());
        }

        @Override
        public String toStringAST() {
            return "#composite(...)";
        }
    }

    /** An Optional's value or null instead of the Optional; without a child, of what the step before came to. */
    private static final class Present extends SpelNodeImpl {

        Present(SpelNodeImpl child) {
            super(child.getStartPosition(), child.getEndPosition(), child);
        }

        Present(int start, int end) {
            super(start, end);
        }

        @Override
        public TypedValue getValueInternal(ExpressionState state) {
            TypedValue value =
                    children.length == 0 ? state.getActiveContextObject() : children[0].getValueInternal(state);
            return value.getValue() instanceof Optional<?> optional ? new TypedValue(optional.orElse(null)) : value;
        }

        @Override
        public String toStringAST() {
            return children.length == 0 ? "" : children[0].toStringAST();
        }
    }

    /** A value that has been evaluated already. */
    private static final class Known extends SpelNodeImpl {

        private final TypedValue value;

        Known(TypedValue value) {
            super(0, 0);
            this.value = value;
        }

        @Override
        public TypedValue getValueInternal(ExpressionState state) {
            return value;
        }

        @Override
        public String toStringAST() {
            return String.valueOf(value.getValue());
        }
    }
}
