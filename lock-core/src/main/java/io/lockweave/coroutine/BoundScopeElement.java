package io.lockweave.coroutine;

import io.lockweave.HeldLock;
import io.lockweave.LockScope;
import io.lockweave.engine.CurrentHold;
import io.lockweave.engine.Owner;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CopyableThreadContextElement;
import org.jspecify.annotations.Nullable;

/**
 * A scope that kotlinx.coroutines binds to whichever thread runs the coroutine, so that blocking code finds it and its
 * lock there too. A coroutine that is launched inside gets a scope of its own, nested in this one.
 */
final class BoundScopeElement extends LockScopeElement
        implements CopyableThreadContextElement<BoundScopeElement.Before> {

    private final HeldLock held;
    private final Owner owner;

    BoundScopeElement(LockScope scope, HeldLock held) {
        super(scope);
        this.held = held;
        this.owner = owner(scope);
    }

    /** What a thread acted as, and the innermost lock it ran under. */
    record Before(@Nullable Owner owner, @Nullable HeldLock held) {}

    private static Owner owner(LockScope scope) {
        Owner[] bound = new Owner[1];
        scope.run(() -> bound[0] = Owner.current());
        return bound[0];
    }

    @Override
    public Before updateThreadContext(CoroutineContext context) {
        return new Before(Owner.bind(owner), CurrentHold.bind(CurrentHold.cell(), held));
    }

    @Override
    public void restoreThreadContext(CoroutineContext context, Before before) {
        CurrentHold.restore(CurrentHold.cell(), before.held());
        Owner.restore(before.owner());
    }

    @Override
    public CopyableThreadContextElement<Before> copyForChild() {
        return new BoundScopeElement(scope().nested("a coroutine inside " + owner), held);
    }

    @Override
    public CoroutineContext mergeForChild(CoroutineContext.Element overwriting) {
        return overwriting;
    }
}
