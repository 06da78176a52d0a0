package io.lockweave.spi.container;

import io.lockweave.HeldLock;
import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The hold of an {@link AdaptedCall}.
 *
 * @param hold the hold itself
 * @param body the method, as one whose result is of the other type
 * @param ending what ends the hold
 */
public record AdaptedHold(LockedCall.Hold hold, LockedBody body, Supplier<CompletableFuture<@Nullable Void>> ending)
        implements LockedCall.Hold {

    /** A hold that ends as it did. */
    public AdaptedHold(LockedCall.Hold hold, LockedBody body) {
        this(hold, body, hold::end);
    }

    @Override
    public HeldLock held() {
        return hold.held();
    }

    @Override
    public LockScope scope() {
        return hold.scope();
    }

    @Override
    public @Nullable Object proceed() throws Throwable {
        return body.proceed();
    }

    @Override
    public boolean isInterruptedWhenLost() {
        return hold.isInterruptedWhenLost();
    }

    @Override
    public void interruptWhenLost(Consumer<LockLostException> action) {
        hold.interruptWhenLost(action);
    }

    @Override
    public void ensureHeld() {
        hold.ensureHeld();
    }

    @Override
    public CompletableFuture<@Nullable Void> end() {
        return ending.get();
    }
}
