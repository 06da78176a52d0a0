package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;

/** A locked method, read and checked once: everything its calls need, and nothing of any single call. Immutable. */
final class LockedMethod {

    private final String description;
    private final MethodScope scope;
    private final List<KeyedLock> locks;
    private final @Nullable KeyedLock only;
    private final LockPolicy policy;
    private final MethodResult result;
    private final Guard guard;
    private final boolean suspending;
    private final @Nullable Fallback fallback;
    private final Set<Integer> keyed;
    private final List<LockUse> uses;

    LockedMethod(
            String description,
            MethodScope scope,
            List<KeyedLock> locks,
            LockPolicy policy,
            MethodResult result,
            Guard guard,
            @Nullable Fallback fallback,
            List<LockUse> uses) {
        this.description = description;
        this.scope = scope;
        this.locks = List.copyOf(locks);
        this.only = locks.size() == 1 ? locks.get(0) : null;
        this.policy = policy;
        policy.check(description);
        this.result = result;
        this.guard = guard;
        this.suspending = result.isSuspending();
        this.fallback = fallback;
        this.keyed = keyed(locks, scope.names().count());
        this.uses = List.copyOf(uses);
    }

    /** All of them, if one of the locks does not say. */
    private static Set<Integer> keyed(List<KeyedLock> locks, int parameters) {
        Set<Integer> all = new TreeSet<>();
        for (KeyedLock lock : locks) {
            Set<Integer> some = lock.value() == null ? Set.of() : lock.value().parameters();
            if (some.isEmpty()) {
                return IntStream.range(0, parameters).boxed().collect(Collectors.toUnmodifiableSet());
            }
            all.addAll(some);
        }
        return Set.copyOf(all);
    }

    /** The positions of the parameters that the keys are made of; of all parameters where that is not known. */
    Set<Integer> keyed() {
        return keyed;
    }

    /** The keys of one call. */
    KeysOfCall keys(@Nullable BeanResolver beans, @Nullable Object target, @Nullable Object[] args) {
        CallContext call = new CallContext(scope, beans, target, args);
        if (only != null) {
            return only.keys(call);
        }
        List<LockKey> keys = new ArrayList<>(locks.size());
        for (KeyedLock lock : locks) {
            keys.addAll(lock.keys(call).list());
        }
        return KeysOfCall.of(keys);
    }

    /** What the method returns when its lock could not be had; throws the failure if it is not to return. */
    @Nullable
    Object unavailable(LockUnavailableException failure, @Nullable Object target, @Nullable Object[] args)
            throws Throwable {
        if (!failure.busy()) {
            throw failure; // interrupted or shut down: nothing runs in its place
        }
        if (fallback != null) {
            return fallback.run(target, args, failure);
        }
        if (policy.onUnavailable() == Locked.OnUnavailable.SKIP) {
            return result.nothing();
        }
        throw failure;
    }

    /** Its locks, those too that are switched off. */
    List<LockUse> uses() {
        return uses;
    }

    String description() {
        return description;
    }

    LockPolicy policy() {
        return policy;
    }

    LockOptions options() {
        return policy.options();
    }

    MethodResult result() {
        return result;
    }

    /** Whether it is a suspending function of Kotlin. */
    boolean isSuspending() {
        return suspending;
    }

    Guard guard() {
        return guard;
    }
}
