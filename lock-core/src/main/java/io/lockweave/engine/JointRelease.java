package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ends of several holds whose grants go back to the store together, in one round trip where it can. */
final class JointRelease {

    /** One end, as far as the store's answer. */
    interface Part {

        LockStore store();

        Grant grant();

        /** Does what is left, with the store's answer. Returns what fails in that. */
        @Nullable
        Throwable complete(boolean held);

        /** As {@link #complete}, where the store has failed; it is asked again. */
        @Nullable
        Throwable completeFailed(Throwable failure);
    }

    private final List<Part> leaves = new ArrayList<>();

    /** Takes over what is left of an end; false if the store gains nothing by it. */
    boolean add(Part leave) {
        return leave.store().capabilities().contains(Capability.TOGETHER) && leaves.add(leave);
    }

    /** Gives all back and completes their ends; what failed, or null. */
    @Nullable
    Throwable run() {
        return leaves.isEmpty() ? null : release(leaves.get(0).store(), leaves);
    }

    /** Gives these back and completes their ends; what failed, the further ones suppressed in the first, or null. */
    static @Nullable Throwable release(LockStore store, List<Part> leaves) {
        if (leaves.size() > 1 && store.capabilities().contains(Capability.TOGETHER)) {
            return releaseTogether(store, leaves);
        }
        Throwable failure = null;
        for (Part leave : leaves) {
            failure = first(failure, releaseOne(store, leave));
        }
        return failure;
    }

    private static @Nullable Throwable releaseOne(LockStore store, Part leave) {
        boolean held;
        try {
            held = store.release(leave.grant());
        } catch (RuntimeException | Error e) {
            return first(e, leave.completeFailed(e));
        }
        return leave.complete(held);
    }

    /** Each is completed whatever becomes of the others. */
    private static @Nullable Throwable releaseTogether(LockStore store, List<Part> leaves) {
        List<Boolean> held;
        Throwable failure = null;
        try {
            held = options(store, leaves);
        } catch (RuntimeException | Error e) {
            failure = e;
            for (Part leave : leaves) {
                failure = first(failure, leave.completeFailed(e));
            }
            return failure;
        }
        for (int i = 0; i < leaves.size(); i++) {
            failure = first(failure, leaves.get(i).complete(held.get(i)));
        }
        return failure;
    }

    private static List<Boolean> options(LockStore store, List<Part> leaves) {
        List<Boolean> held = store.releaseAll(leaves.stream().map(Part::grant).toList());
        if (held.size() != leaves.size()) {
            throw LockBackendException.passing(
                    "The store " + store.name() + " answered for " + held.size() + " of " + leaves.size()
                            + " releases. To fix it: report it, with the store's version",
                    null);
        }
        return held;
    }

    /** The earlier failure with the later one suppressed in it; null if there is none. */
    static @Nullable Throwable first(@Nullable Throwable earlier, @Nullable Throwable later) {
        if (earlier == null || later == null || earlier == later) {
            return earlier == null ? later : earlier;
        }
        earlier.addSuppressed(later);
        return earlier;
    }
}
