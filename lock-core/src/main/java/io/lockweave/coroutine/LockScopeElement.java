package io.lockweave.coroutine;

import io.lockweave.LockScope;
import io.lockweave.spi.container.LockedCall;
import kotlin.coroutines.AbstractCoroutineContextElement;
import kotlin.coroutines.CoroutineContext;
import org.jspecify.annotations.Nullable;

/**
 * The scope that the locks of a coroutine belong to, as a part of the coroutine's context. What suspending functions
 * lock in there is nested in that scope: it re-enters the locks, also on another thread, and branches side by side
 * exclude each other.
 */
public abstract class LockScopeElement extends AbstractCoroutineContextElement {

    private static final CoroutineContext.Key<LockScopeElement> KEY = new CoroutineContext.Key<>() {};

    private final LockScope scope;

    LockScopeElement(LockScope scope) {
        super(KEY);
        this.scope = scope;
    }

    /** The scope in a context, or null. */
    public static @Nullable LockScope in(CoroutineContext context) {
        LockScopeElement element = context.get(KEY);
        return element == null ? null : element.scope();
    }

    /** The context of a coroutine that runs under these locks. */
    public static CoroutineContext put(LockedCall.Hold hold, CoroutineContext context) {
        return context.plus(
                Coroutines.hasKotlinx()
                        ? new BoundScopeElement(hold.scope(), hold.held())
                        : new UnboundScopeElement(hold.scope()));
    }

    /** The scope. */
    public final LockScope scope() {
        return scope;
    }
}
