package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockWaiter;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.StoredLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together what this JVM and the store know of who holds and who waits. */
final class Inspection {

    private static final int MOST_FROM_STORE = 1_000;

    private final Core core;

    Inspection(Core core) {
        this.core = core;
    }

    LockInfo of(LockKey key) {
        LockKey full = core.full(key);
        LockStore store = core.store();
        Optional<StoredLock> stored = store == null ? Optional.empty() : store.find(full);
        return merge(full.toString(), core.gates().find(key), stored.orElse(null));
    }

    List<LockInfo> all() {
        Map<String, LockInfo> found = new LinkedHashMap<>();
        LockStore store = core.store();
        Map<String, StoredLock> stored = new LinkedHashMap<>();
        if (store != null) {
            store.list(MOST_FROM_STORE).forEach(lock -> stored.put(lock.key(), lock));
        }
        for (Gate gate : core.gates().all()) {
            String name = core.full(gate.key).toString();
            LockInfo info = merge(name, gate, stored.remove(name));
            if (!info.holders().isEmpty() || !info.waiters().isEmpty()) {
                found.put(name, info);
            }
        }
        stored.forEach((name, lock) -> found.put(name, merge(name, null, lock)));
        return List.copyOf(found.values());
    }

    private LockInfo merge(String name, @Nullable Gate gate, @Nullable StoredLock stored) {
        long now = core.now();
        List<LockHolder> holders = new ArrayList<>();
        List<LockWaiter> waiters = new ArrayList<>();
        if (gate != null) {
            gate.holds().stream()
                    .sorted(Comparator.comparingLong(Hold::fence))
                    .forEach(hold -> holders.add(hold.describe(now)));
            core.contests().stream()
                    .map(StoreEntry::request)
                    .filter(request -> request.key().equals(gate.key))
                    .forEach(request -> waiters.add(request.describe(now)));
            gate.waiters()
                    .forEach(waiter -> waiters.add(new LockWaiter(
                            waiter.owner.place(), waiter.mode, Duration.ofNanos(Math.max(0, now - waiter.since)))));
        }
        if (stored != null) {
            Set<String> here = holders.stream().map(LockHolder::owner).collect(Collectors.toSet());
            stored.holders().stream()
                    .filter(holder -> !here.contains(holder.owner()))
                    .forEach(holders::add);
        }
        int elsewhere = stored == null ? 0 : stored.waiters();
        return new LockInfo(name, core.backend().name(), holders, waiters, elsewhere);
    }
}
