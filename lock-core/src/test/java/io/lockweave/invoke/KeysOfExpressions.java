package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an expression over the parameter {@code x} of a method locks: the texts of its keys, or that it is refused. */
final class KeysOfExpressions {

    static final String REFUSED = "refused";

    private final KeyedLock lock;
    private final MethodScope scope;

    KeysOfExpressions(String expression) {
        this(expression, "anything");
    }

    /** Over the parameter of the method of {@link Parameters} with this name. */
    KeysOfExpressions(String expression, String method) {
        this.scope = new MethodScope(method(method));
        this.lock = new KeyedLock(
                "name",
                LockKey.of("name"),
                MethodExpression.parse("key = \"" + expression + "\"", expression, scope),
                null);
    }

    private static Method method(String name) {
        return Arrays.stream(Parameters.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Whether a value is many keys. */
    static boolean locksSeveral(@Nullable Object value) {
        return value instanceof Collection<?>
                || (value != null && value.getClass().isArray());
    }

    String of(@Nullable Object x) {
        return ofAll(x);
    }

    String of(@Nullable Object x, @Nullable Object y) {
        return ofAll(x, y);
    }

    private String ofAll(@Nullable Object... arguments) {
        try {
            return lock.keys(new CallContext(scope, null, null, arguments)).list().stream()
                    .map(LockKey::value)
                    .collect(Collectors.joining(" | "));
        } catch (LockUsageException e) {
            return REFUSED;
        }
    }

    /** Methods with the parameter that expressions are over. */
    interface Parameters {

        void anything(Object x);

        void pair(Object x, Object y);

        void payment(WarmKeysTest.Payment x);

        void account(WarmKeysTest.Account x);

        void event(WarmKeysTest.Event x);
    }
}
