package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockException;
import io.lockweave.LockResultException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Lockweave;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results that go on working are refused before the method runs, also inside of others. */
class ResultsTest {

    private final RecordingLocks locks = new RecordingLocks();
    private boolean ran;

    @BeforeEach
    void useRecordingLocks() {
        Lockweave.use(locks);
    }

    @AfterEach
    void reset() {
        Lockweave.reset();
    }

    @Test
    void resultsThatGoOnWorkingAreRefusedBeforeTheMethodRuns() {
        List<String> accepted = new ArrayList<>();
        for (Method method : Late.class.getDeclaredMethods()) {
            try {
                Lockweave.invoker().invoke(method, new Object(), new Object[0], () -> ran = true);
                accepted.add(method.getName());
            } catch (Throwable e) {
                assertThat(e)
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("goes on working after the method has returned");
            }
        }
        assertThat(accepted).isEmpty();
        assertThat(ran).isFalse();
        assertThat(locks.log()).isEmpty();
    }

    @Test
    void finishedResultsAreNot() throws Throwable {
        for (Method method : Finished.class.getDeclaredMethods()) {
            Lockweave.invoker().invoke(method, new Object(), new Object[0], () -> null);
        }
        assertThat(locks.log()).hasSize(2 * Finished.class.getDeclaredMethods().length);
    }

    @Test
    void whatIsFoundAfterTheMethodRanIsAnExceptionThatSaysSo() throws Exception {
        Method anything = Arrays.stream(General.class.getDeclaredMethods())
                .filter(method -> method.getName().equals("anything"))
                .findFirst()
                .orElseThrow();
        for (Object late : List.of(
                new CompletableFuture<>(), Stream.of(1), (Supplier<String>) () -> "", (Callable<String>) () -> "")) {
            assertThatThrownBy(() -> Lockweave.invoker().invoke(anything, new Object(), new Object[0], () -> late))
                    .isInstanceOf(LockResultException.class)
                    .isInstanceOf(LockException.class)
                    .hasMessageStartingWith("io.lockweave.invoke.ResultsTest$General.anything() returned ")
                    .hasMessageContaining("goes on working although its lock is released. The method did run.");
        }
        Method optional = General.class.getDeclaredMethod("optional");
        assertThatThrownBy(() -> Lockweave.invoker()
                        .invoke(optional, new Object(), new Object[0], () -> Optional.of(Optional.of(Stream.of(1)))))
                .isInstanceOf(LockResultException.class)
                .hasMessageContaining("goes on working although its lock is released. The method did run.");
        CompletableFuture<?> nothing = (CompletableFuture<?>) invoked("future");
        assertThatThrownBy(nothing::join)
                .hasCauseInstanceOf(LockResultException.class)
                .hasMessageContaining("returned null instead of a CompletionStage. The method did run.");
    }

    private static Object invoked(String name) throws Exception {
        try {
            return Lockweave.invoker()
                    .invoke(General.class.getDeclaredMethod(name), new Object(), new Object[0], () -> null);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    interface General {
        @Locked(name = "x")
        Object anything();

        @Locked(name = "x")
        Optional<?> optional();

        @Locked(name = "x")
        CompletableFuture<String> future();
    }

    interface Late<T extends Future<String>> {
        @Locked(name = "x")
        Optional<CompletableFuture<String>> optional();

        @Locked(name = "x")
        List<Future<String>> list();

        @Locked(name = "x")
        List<? extends Future<String>> wildcard();

        @Locked(name = "x")
        Map<String, Optional<Stream<String>>> map();

        @Locked(name = "x")
        Future<?>[] array();

        @Locked(name = "x")
        List<T> variable();

        @Locked(name = "x")
        T itself();

        @Locked(name = "x")
        CompletableFuture<Stream<String>> futureOfAStream();

        @Locked(name = "x")
        Callable<String> callable();

        @Locked(name = "x")
        Supplier<String> supplier();

        @Locked(name = "x")
        Enumeration<String> enumeration();

        @Locked(name = "x")
        OwnSupplier ownSupplier();
    }

    interface OwnSupplier extends Supplier<String> {}

    interface Finished<T extends Comparable<T>> {
        @Locked(name = "x")
        Optional<String> optional();

        @Locked(name = "x")
        List<Map<String, int[]>> list();

        @Locked(name = "x")
        T variable();

        @Locked(name = "x")
        Class<? extends Future<?>> type();

        @Locked(name = "x")
        ExecutorService service();
    }
}
