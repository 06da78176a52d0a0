package io.lockweave.spring.actuate;

import io.lockweave.spring.backend.ApplicationLocks;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;

/**
 * With {@code DELETE locks/user/42}, which frees a lock whoever holds it. Only where the application says so twice:
 * with {@code lockweave.endpoint.force-release = true}, and with {@code management.endpoint.locks.access =
 * unrestricted}.
 */
@Endpoint(id = LocksEndpoint.ID, defaultAccess = Access.READ_ONLY)
final class FreeingLocksEndpoint extends LocksEndpoint {

    FreeingLocksEndpoint(ApplicationLocks locks, RecentEvents recent, LockAddresses addresses) {
        super(locks, recent, addresses);
    }

    @DeleteOperation
    Map<String, Boolean> release(@Selector(match = Match.ALL_REMAINING) String[] key) {
        return Map.of("released", free(key));
    }
}
