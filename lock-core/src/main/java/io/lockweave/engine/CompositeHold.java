package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Several locks held as one, in key order; closed in reverse order, each of them whatever becomes of the others. The
 * store is told together where it can be.
 */
final class CompositeHold implements HeldLock {

    private final List<HeldLock> parts;

    CompositeHold(List<HeldLock> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Closes all, last first; the first failure is thrown with the later ones suppressed in it. */
    static void closeAll(List<? extends HeldLock> held) {
        Throwable failure = null;
        JointRelease together = null;
        try {
            Stack.ensureForStore();
            together = new JointRelease();
        } catch (Error e) {
            // each by itself then, which is finished later if it fails half-way
        }
        for (int i = held.size() - 1; i >= 0; i--) {
            try {
                close(held.get(i), together);
            } catch (RuntimeException | Error e) {
                failure = JointRelease.first(failure, e);
            }
        }
        failure = JointRelease.first(failure, together == null ? null : together.run());
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static void close(HeldLock one, @Nullable JointRelease together) {
        if (together != null && one instanceof Hold hold) {
            hold.close(together);
        } else {
            one.close();
        }
    }

    @Override
    public LockKey key() {
        return parts.get(0).key();
    }

    @Override
    public List<HeldLock> parts() {
        List<HeldLock> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.parts()));
        return List.copyOf(all);
    }

    @Override
    public long fence() {
        return parts.get(0).fence();
    }

    @Override
    public Duration remaining() {
        return parts.stream()
                .map(HeldLock::remaining)
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public boolean isHeld() {
        return parts.stream().allMatch(HeldLock::isHeld);
    }

    @Override
    public boolean isLost() {
        return parts.stream().anyMatch(HeldLock::isLost);
    }

    @Override
    public boolean isReentry() {
        return parts.stream().allMatch(HeldLock::isReentry);
    }

    @Override
    public void onLost(Consumer<LockLostException> action) {
        AtomicBoolean first = new AtomicBoolean(true);
        parts.forEach(part -> part.onLost(lost -> {
            if (first.getAndSet(false)) {
                action.accept(lost);
            }
        }));
    }

    @Override
    public void ensureHeld() {
        parts.forEach(HeldLock::ensureHeld);
    }

    @Override
    public void close() {
        closeAll(parts);
    }

    @Override
    public String toString() {
        return parts.toString();
    }

    /** Closes what was taken; a failure to do so is suppressed into the reason. */
    static void closeInto(List<? extends HeldLock> held, Throwable reason) {
        try {
            closeAll(held);
        } catch (Throwable e) {
            reason.addSuppressed(e);
        }
    }
}
