package io.lockweave.coroutine;

import io.lockweave.LockScope;

/** A scope that nothing binds to threads: only suspending functions find it, by the context. */
final class UnboundScopeElement extends LockScopeElement {

    UnboundScopeElement(LockScope scope) {
        super(scope);
    }
}
