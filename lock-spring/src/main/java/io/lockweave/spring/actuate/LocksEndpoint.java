package io.lockweave.spring.actuate;

import io.lockweave.LockBackendException;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spring.backend.ApplicationLocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;

/**
 * Who holds and who waits in all backends in use: {@code GET locks}, {@code GET locks/user/42}. It frees nothing,
 * however it is exposed: see {@link FreeingLocksEndpoint}.
 */
@Endpoint(id = LocksEndpoint.ID, defaultAccess = Access.READ_ONLY)
class LocksEndpoint {

    static final String ID = "locks";

    private final ApplicationLocks locks;
    private final RecentEvents recent;
    private final LockAddresses addresses;

    LocksEndpoint(ApplicationLocks locks, RecentEvents recent, LockAddresses addresses) {
        this.locks = locks;
        this.recent = recent;
        this.addresses = addresses;
    }

    /** A store that does not answer leaves out its own locks only, and is named. */
    @ReadOperation
    LocksReport all() {
        List<LockReport> found = new ArrayList<>();
        List<LocksReport.Backend> backends = new ArrayList<>();
        for (Locks backend : locks.all()) {
            String problem = null;
            try {
                backend.inspect().stream().map(this::report).forEach(found::add);
            } catch (LockBackendException e) {
                problem = String.valueOf(e.getMessage());
            }
            backends.add(
                    LocksReport.Backend.of(backend.backend(), backend.outage().orElse(null), problem));
        }
        return new LocksReport(found, recent.contended(), recent.lost(), backends);
    }

    @ReadOperation
    @Nullable
    LockReport one(@Selector(match = Match.ALL_REMAINING) String[] key) {
        LockKey wanted = key(key);
        return locks.all().stream()
                .map(backend -> backend.inspect(wanted))
                .filter(info -> !info.holders().isEmpty() || !info.waiters().isEmpty())
                .findFirst()
                .map(this::report)
                .orElse(null);
    }

    private LockReport report(LockInfo info) {
        return LockReport.of(info, addresses.of(info.key()));
    }

    /** Frees it in each backend. */
    boolean free(String[] key) {
        LockKey wanted = key(key);
        boolean released = false;
        for (Locks backend : locks.all()) {
            released |= backend.forceRelease(wanted);
        }
        return released;
    }

    /** The first part is the name, the rest is the value, which may have slashes itself. */
    static LockKey key(String[] parts) {
        return parts.length == 1
                ? LockKey.of(parts[0])
                : LockKey.of(parts[0], String.join("/", Arrays.asList(parts).subList(1, parts.length)));
    }
}
