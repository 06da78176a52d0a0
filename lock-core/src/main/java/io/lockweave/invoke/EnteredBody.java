package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.LockedEntry;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A locked method's body, with what is checked between its locks and itself. Immutable. */
final class EnteredBody {

    private final List<EntryCheck> checks;
    private final LockedMethod method;
    private final @Nullable Object[] args;
    private final LockedBody body;

    EnteredBody(List<EntryCheck> checks, LockedMethod method, @Nullable Object[] args, LockedBody body) {
        this.checks = checks;
        this.method = method;
        this.args = args;
        this.body = body;
    }

    /** The body for a call that holds this. */
    LockedBody under(HeldLock held) {
        if (checks.isEmpty() || held.isReentry()) {
            return body;
        }
        return () -> {
            List<@Nullable Object> all = Collections.unmodifiableList(Arrays.asList(args));
            LockedEntry entry = new LockedEntry(method.description(), all, method.keyed());
            for (EntryCheck check : checks) {
                check.entering(entry);
            }
            return body.proceed();
        };
    }
}
