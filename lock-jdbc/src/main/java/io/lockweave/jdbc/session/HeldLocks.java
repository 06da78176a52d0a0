package io.lockweave.jdbc.session;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.StoredLock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is held on a session, by key and owner. Used by one thread at a time. */
final class HeldLocks {

    /** A lock and since when it is held. */
    private record Held(Grant grant, long since) {

        LockHolder holder() {
            Claim claim = grant.claim();
            Duration heldFor = Duration.ofNanos(System.nanoTime() - since);
            return new LockHolder(claim.owner(), claim.place(), claim.mode(), grant.fence(), heldFor, null);
        }
    }

    private final Map<LockKey, Map<String, Held>> held = new LinkedHashMap<>();

    private Map<String, Held> of(LockKey key) {
        return held.getOrDefault(key, Map.of());
    }

    /** The grant that the claim has already; null if it has none. */
    @Nullable
    Grant grantOf(Claim claim) {
        Held mine = of(claim.key()).get(claim.owner());
        return mine == null ? null : mine.grant();
    }

    boolean has(Claim claim) {
        return of(claim.key()).containsKey(claim.owner());
    }

    /** One who keeps the claim out; null if nobody here does. */
    @Nullable
    LockHolder holderAgainst(Claim claim) {
        for (Held other : of(claim.key()).values()) {
            if (claim.mode() != LockMode.SHARED || other.grant().claim().mode() != LockMode.SHARED) {
                return other.holder();
            }
        }
        return null;
    }

    void add(Grant grant) {
        held.computeIfAbsent(grant.key(), key -> new LinkedHashMap<>())
                .put(grant.owner(), new Held(grant, System.nanoTime()));
    }

    /** Returns whether it was there. */
    boolean remove(Claim claim) {
        Map<String, Held> here = of(claim.key());
        boolean was = !here.isEmpty() && here.remove(claim.owner()) != null;
        if (here.isEmpty()) {
            held.remove(claim.key());
        }
        return was;
    }

    List<Grant> removeAll(LockKey key) {
        Map<String, Held> here = held.remove(key);
        return here == null
                ? List.of()
                : here.values().stream().map(Held::grant).toList();
    }

    List<LockHolder> holders(LockKey key) {
        return of(key).values().stream().map(Held::holder).toList();
    }

    List<StoredLock> list(int limit) {
        return held.keySet().stream()
                .limit(limit)
                .map(key -> new StoredLock(key.toString(), holders(key), -1))
                .toList();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Forgets all, and returns who held them. */
    List<String> clear() {
        List<String> owners =
                held.values().stream().flatMap(of -> of.keySet().stream()).toList();
        held.clear();
        return owners;
    }
}
