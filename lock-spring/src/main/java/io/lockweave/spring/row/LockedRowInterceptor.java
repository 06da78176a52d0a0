package io.lockweave.spring.row;

import io.lockweave.LockUsageException;
import io.lockweave.config.DurationText;
import io.lockweave.invoke.ComposedAnnotations;
import io.lockweave.invoke.FinishedResult;
import io.lockweave.invoke.KeyExpression;
import io.lockweave.invoke.Placement;
import io.lockweave.jdbc.LockedRow;
import io.lockweave.jdbc.RowLock;
import io.lockweave.spring.aop.AnnotatedMethods;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.BeanResolver;
import org.springframework.util.ObjectUtils;

/** Locks the rows of a call, then lets it go on. */
final class LockedRowInterceptor implements MethodInterceptor {

    private final Supplier<TransactionRowLocks> locks;
    private final BeanResolver beans;
    private final Map<Method, Rows> known = new ConcurrentHashMap<>();

    LockedRowInterceptor(Supplier<TransactionRowLocks> locks, BeanResolver beans) {
        this.locks = locks;
        this.beans = beans;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Object target = invocation.getThis();
        Class<?> type = target == null ? null : target.getClass();
        Rows rows = rows(annotated(invocation.getMethod(), type));
        locks.get().lock(rows.of(beans, target, invocation.getArguments()));
        Object result = invocation.proceed();
        rows.result().check(result);
        return result;
    }

    /** The method whose annotation counts when this one is called on an object of that class. */
    static Method annotated(Method called, @Nullable Class<?> type) {
        return AnnotatedMethods.find(called, type, LockedRowInterceptor::isAnnotated);
    }

    static boolean isAnnotated(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, LockedRow.class);
    }

    /** Reads the annotation. */
    Rows rows(Method method) {
        return known.computeIfAbsent(method, Rows::read);
    }

    /** What the annotation of one method says. */
    record Rows(String table, KeyExpression key, UnaryOperator<RowLock> options, FinishedResult result) {

        static Rows read(Method method) {
            LockedRow row = AnnotatedElementUtils.findMergedAnnotation(method, LockedRow.class);
            if (row == null) {
                throw new IllegalStateException(method + " has no @LockedRow");
            }
            ComposedAnnotations.check(method, LockedRow.class);
            UnaryOperator<RowLock> wait = wait(method, row.waitTime());
            UnaryOperator<RowLock> options = lock -> {
                RowLock all = wait.apply(lock).strength(row.strength()).onMissing(row.onMissing());
                return row.column().isEmpty() ? all : all.column(row.column());
            };
            return new Rows(
                    row.table(),
                    KeyExpression.of(method, "key", row.key()),
                    options,
                    FinishedResult.of(method, "@LockedRow"));
        }

        private static UnaryOperator<RowLock> wait(Method method, String text) {
            if (text.isEmpty()) {
                return lock -> lock;
            }
            if (text.equalsIgnoreCase("SKIP")) {
                return RowLock::skipLocked;
            }
            var time = DurationText.parseFinite("waitTime of " + Placement.describe(method), text);
            return time.isZero() ? RowLock::noWait : lock -> lock.waitTime(time);
        }

        RowLock of(BeanResolver beans, @Nullable Object target, @Nullable Object[] args) {
            Object value = key.value(beans, target, args);
            if (value == null) {
                throw new LockUsageException(key.place() + " is null", "lock a row that is there");
            }
            return options.apply(
                    value instanceof Collection<?> all
                            ? RowLock.ofAll(table, all)
                            : value.getClass().isArray()
                                    ? RowLock.ofAll(table, Arrays.asList(ObjectUtils.toObjectArray(value)))
                                    : RowLock.of(table, value));
        }
    }
}
