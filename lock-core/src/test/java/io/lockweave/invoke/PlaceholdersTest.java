package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Placeholders stand in names and times only: in an expression they would stay as they are, the same for all tenants.
 */
class PlaceholdersTest {

    @Locked(name = "user", key = "'${tenant:acme}:' + #id")
    void key(String id) {}

    @Locked(name = "user", key = "#id", condition = "'${tenant:acme}' == #id")
    void condition(String id) {}

    @Locked(name = "user", onUnavailable = Locked.OnUnavailable.FALLBACK, fallback = "${instead:other}")
    void fallback() {}

    void other() {}

    @Test
    void inTheNameOfAFallbackTheyAreRefused() throws Exception {
        Method method = PlaceholdersTest.class.getDeclaredMethod("fallback");
        assertThatThrownBy(
                        () -> Applications.invoker(PlaceholdersTest.class, this).check(method))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("fallback = \"${instead:other}\" of ")
                .hasMessageContaining("has a placeholder, and names of methods are read as they stand");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "condition"})
    void inAnExpressionTheyAreRefused(String name) throws Exception {
        Method method = PlaceholdersTest.class.getDeclaredMethod(name, String.class);
        assertThatThrownBy(
                        () -> Applications.invoker(PlaceholdersTest.class, this).check(method))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining(name + " = ")
                .hasMessageContaining("has a placeholder, and expressions are read as they stand");
    }
}
