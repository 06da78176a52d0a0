package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.coroutine.Resumption;
import io.lockweave.coroutine.SuspendedCall;
import io.lockweave.engine.Owner;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import io.lockweave.spi.container.TransactionBoundary.ActiveTransaction;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs locked methods, whoever intercepted them. Safe for use from any thread. */
public final class LockedInvoker {

    private final LockEnvironment environment;
    private final LockedMethods methods;

    /** An invoker for this environment. */
    public LockedInvoker(LockEnvironment environment) {
        this.environment = environment;
        this.methods = new LockedMethods(new LockedMethodReader(environment));
    }

    /**
     * Reads and checks a method before its first call: its expressions, its backend, and whether that can do what is
     * asked.
     *
     * @throws LockUsageException if its {@code @Locked} cannot be honoured
     */
    public void check(Method method) {
        LockedMethod locked = methods.get(method);
        try {
            environment.locks(locked.policy().backend()).check(locked.options());
        } catch (LockUsageException e) {
            throw new LockUsageException(locked.description() + ": " + e.problem(), e.remedy(), e);
        }
    }

    /**
     * What locks a method uses.
     *
     * @throws LockUsageException if its {@code @Locked} cannot be honoured
     */
    public List<LockUse> uses(Method method) {
        return methods.get(method).uses();
    }

    /**
     * Runs a method under its locks.
     *
     * @param method the method that carries the annotation
     * @param target the object it is called on; null if static
     * @param args the arguments; read before the method runs and never again
     * @param body the method itself
     * @return what the body, the fallback or the skipped method returns
     * @throws LockUsageException if {@code @Locked} cannot be honoured; the body did not run
     * @throws Throwable what the body throws, unchanged; otherwise what {@link Locks#acquire} throws, and
     *     {@link io.lockweave.LockLostException}
     */
    public @Nullable Object invoke(Method method, @Nullable Object target, @Nullable Object[] args, LockedBody body)
            throws Throwable {
        LockedMethod locked = methods.get(method);
        if (locked.isSuspending() && Resumption.is(args[args.length - 1])) {
            return body.proceed();
        }
        KeysOfCall keys = locked.keys(environment.beans(), target, args);
        if (keys == KeysOfCall.NONE) {
            return body.proceed();
        }
        if (locked.isSuspending()) {
            return SuspendedCall.run(args, own -> call(locked, keys, target, own, () -> body.proceed(own)));
        }
        ResultType later = locked.result().later();
        if (later != null) {
            return later.adapt(call(locked, keys, target, args, body));
        }
        Locks locks = environment.locks(locked.policy().backend());
        Owner caller = Owner.current();
        if (caller.isThread() || isInTransaction()) { // what is kept for a transaction belongs to all of its flow
            return runLocked(locked, locks, keys, target, args, body);
        }
        Owner before = Owner.bind(caller.nested(locked.description()));
        try {
            return runLocked(locked, locks, keys, target, args, body);
        } finally {
            Owner.restore(before);
        }
    }

    /**
     * Runs a suspending function of Kotlin under its locks whose interceptors see a result of another type.
     *
     * @param args as in {@link #invoke}; a fallback that suspends goes on with the last of them
     * @param type that type, for which the environment has a {@link ResultType}
     * @param view the call as one that returns that type
     * @throws Throwable as {@link #invoke} does
     */
    public @Nullable Object publish(
            Method method,
            @Nullable Object target,
            @Nullable Object[] args,
            LockedBody body,
            Class<?> type,
            UnaryOperator<LockedCall> view)
            throws Throwable {
        LockedMethod locked = methods.get(method);
        KeysOfCall keys = locked.keys(environment.beans(), target, args);
        if (keys == KeysOfCall.NONE) {
            return body.proceed();
        }
        ResultType adapter = environment.resultTypes().stream()
                .filter(one -> one.supports(type))
                .findFirst()
                .orElseThrow(() -> new LockUsageException(
                        locked.description() + " is a suspending function that Spring calls as " + type.getName()
                                + ", which nothing here can lock",
                        "add reactor-core to the class path"));
        return adapter.adapt(view.apply(call(locked, keys, target, args, body)));
    }

    private DeferredCall call(
            LockedMethod locked, KeysOfCall keys, @Nullable Object target, @Nullable Object[] args, LockedBody body) {
        return new DeferredCall(
                locked,
                environment.locks(locked.policy().backend()),
                keys.list(),
                target,
                args,
                new EnteredBody(environment.entryChecks(), locked, args, body));
    }

    private boolean isInTransaction() {
        TransactionBoundary boundary = environment.transactions();
        return boundary != null && boundary.current().isPresent();
    }

    private @Nullable Object runLocked(
            LockedMethod locked,
            Locks locks,
            KeysOfCall keys,
            @Nullable Object target,
            @Nullable Object[] args,
            LockedBody body)
            throws Throwable {
        List<EntryCheck> checks = environment.entryChecks();
        ActiveTransaction transaction = transaction(locked);
        HeldLock held;
        try {
            held = keys.acquire(locks, locked.options());
        } catch (LockUnavailableException e) {
            return locked.unavailable(e, target, args);
        }
        Guard guard = locked.guard();
        LockedBody guarded = checks.isEmpty() ? body : new EnteredBody(checks, locked, args, body).under(held);
        Object result = transaction == null
                ? guard.untilReturn(held, guarded)
                : guard.untilCompletion(transaction, held, guarded);
        locked.result().checkDone(result);
        return result;
    }

    /** Forgets what was read of methods, whose classes may live longer than this. */
    void forget() {
        methods.forget();
    }

    private @Nullable ActiveTransaction transaction(LockedMethod locked) {
        Locked.Until until = locked.policy().until();
        if (until == Locked.Until.RETURN) {
            return null;
        }
        TransactionBoundary boundary = environment.transactions();
        ActiveTransaction active = boundary == null ? null : boundary.current().orElse(null);
        if (active == null && until == Locked.Until.TRANSACTION) {
            throw new LockUsageException(
                    "until = TRANSACTION of " + locked.description() + ", but no transaction is active"
                            + (boundary == null ? " and nothing here knows of transactions" : ""),
                    boundary == null
                            ? "add lock-spring, or use until = RETURN"
                            : "call it inside a transaction, or use until = AUTO");
        }
        return active;
    }
}
