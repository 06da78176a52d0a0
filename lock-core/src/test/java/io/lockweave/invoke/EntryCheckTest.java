package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.LockedEntry;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is checked between a call's locks and its method. */
class EntryCheckTest implements LockEnvironment {

    private final Locks locks = Locks.builder(new LocalBackend()).build();
    private final LockedInvoker invoker = new LockedInvoker(this);
    private final List<LockedEntry> entries = new ArrayList<>();
    private RuntimeException refusal;

    @Override
    public Locks locks(String backend) {
        return locks;
    }

    @Override
    public NameSettings settings(String name) {
        return NameSettings.NONE;
    }

    @Override
    public Placeholders placeholders() {
        return (place, text) -> text;
    }

    @Override
    public List<EntryCheck> entryChecks() {
        return List.of(entry -> {
            assertThat(locks.inspect()).hasSize(1); // the lock is held
            entries.add(entry);
            if (refusal != null) {
                throw refusal;
            }
        });
    }

    @AfterEach
    void close() {
        locks.close();
    }

    /** Methods to be locked. */
    private static final class Methods {

        @Locked(name = "k", key = "#b + #c.length()")
        String some(int a, int b, String c) {
            return "some";
        }

        @Locked(name = "k", key = "#root.args[0]")
        String byRoot(int a, int b) {
            return "byRoot";
        }

        @Locked(name = "k")
        String whole(int a) {
            return "whole";
        }

        @Locked(name = "k", key = "#a")
        CompletableFuture<String> later(int a) {
            return CompletableFuture.completedFuture("later");
        }
    }

    private Object call(String name, Object... args) throws Throwable {
        return call(name, () -> name, args);
    }

    private Object call(String name, LockedBody body, Object... args) throws Throwable {
        for (Method method : Methods.class.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                return invoker.invoke(method, new Methods(), args, body);
            }
        }
        throw new AssertionError(name);
    }

    @Test
    void it_sees_the_arguments_and_which_of_them_the_key_is_made_of() throws Throwable {
        call("some", 1, 2, "x");
        call("byRoot", 1, 2);
        call("whole", 1);
        assertThat(entries)
                .extracting(LockedEntry::keyed)
                .containsExactly(java.util.Set.of(1, 2), java.util.Set.of(0, 1), java.util.Set.of(0));
        assertThat(entries.get(0).args()).isEqualTo(List.of(1, 2, "x"));
        assertThat(entries.get(0).method()).endsWith("Methods.some(int, int, String)");
    }

    @Test
    void it_is_not_asked_where_the_caller_holds_the_lock_already() throws Throwable {
        call("some", () -> call("some", 1, 2, "x"), 1, 2, "x");
        assertThat(entries).hasSize(1);
    }

    @Test
    void what_it_throws_ends_the_call_and_frees_the_lock() {
        refusal = new IllegalStateException("too old");
        assertThatThrownBy(() -> call(
                        "whole",
                        () -> {
                            throw new AssertionError("it ran");
                        },
                        1))
                .isSameAs(refusal);
        assertThat(locks.isLocked(LockKey.of("k"))).isFalse();
    }

    @Test
    void it_is_asked_before_methods_whose_result_comes_later() throws Throwable {
        LockedBody body = () -> CompletableFuture.completedFuture("later");
        CompletableFuture<?> result = (CompletableFuture<?>) call("later", body, 1);
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("later");
        assertThat(entries).hasSize(1);

        refusal = new IllegalStateException("too old");
        CompletableFuture<?> refused = (CompletableFuture<?>) call("later", body, 1);
        assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS)).hasCause(refusal);
    }
}
