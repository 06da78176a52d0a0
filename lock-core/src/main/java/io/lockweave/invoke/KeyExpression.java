package io.lockweave.invoke;

import io.lockweave.check.MethodModel;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;

/**
 * An expression over the parameters of a method, read as {@link io.lockweave.Locked#key} is, for other annotations with
 * keys. Immutable and safe for use from any thread.
 */
public final class KeyExpression {

    private final MethodScope scope;
    private final MethodExpression expression;

    private KeyExpression(MethodScope scope, MethodExpression expression) {
        this.scope = scope;
        this.expression = expression;
    }

    /**
     * Parses and checks it.
     *
     * @param what what it is, for messages: {@code key}
     * @throws io.lockweave.LockUsageException if it does not parse or names something that is not there
     */
    public static KeyExpression of(Method method, String what, String text) {
        MethodScope scope = new MethodScope(method);
        return new KeyExpression(scope, MethodExpression.parse(place(what, text, scope.model()), text, scope));
    }

    static String place(String what, String text, MethodModel method) {
        return what + " = \"" + text + "\" of " + method.description();
    }

    /**
     * Its value in one call.
     *
     * @throws io.lockweave.LockUsageException if it cannot be evaluated
     */
    public @Nullable Object value(@Nullable BeanResolver beans, @Nullable Object target, @Nullable Object[] args) {
        return expression.value(new CallContext(scope, beans, target, args));
    }

    /** Where it stands, for messages. */
    public String place() {
        return expression.place();
    }
}
