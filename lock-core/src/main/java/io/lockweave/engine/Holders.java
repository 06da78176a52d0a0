package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.spi.StoredLock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who holds one lock: the store says which JVMs do, and the gate which threads of this one. The two fit together if
 * each knows of the other's.
 */
final class Holders {

    private final List<LockHolder> all = new ArrayList<>();
    private final boolean fit;

    Holders(EngineParts parts, @Nullable Gate gate, @Nullable StoredLock stored) {
        long now = parts.now();
        if (gate != null) {
            gate.holds().stream()
                    .sorted(Comparator.comparingLong(Hold::fence))
                    .forEach(hold -> all.add(hold.describe(now)));
        }
        StoreParts store = parts.storeParts();
        if (store == null) {
            fit = gate == null || !all.isEmpty() || (gate.inside() == 0 && !gate.hasQueue());
            return;
        }
        boolean hereKnown = stored == null || tokens(stored.holders()).containsAll(tokens(all));
        boolean ownKnown = true;
        if (stored != null) {
            Set<String> here = tokens(all);
            for (LockHolder holder : stored.holders()) {
                if (!here.contains(holder.owner())) {
                    all.add(holder);
                    ownKnown &= !store.claims().isMine(holder.owner());
                }
            }
        }
        fit = hereKnown && ownKnown;
        if (!fit) {
            keepNewestIfAlone();
        }
    }

    private static Set<String> tokens(List<LockHolder> holders) {
        return holders.stream().map(LockHolder::owner).collect(Collectors.toSet());
    }

    /** Of several of whom one is exclusive only the newest can still hold the lock. */
    private void keepNewestIfAlone() {
        if (all.size() > 1 && all.stream().anyMatch(holder -> holder.mode() == LockMode.EXCLUSIVE)) {
            LockHolder newest = all.stream()
                    .max(Comparator.comparingLong(LockHolder::fence))
                    .orElseThrow();
            all.clear();
            all.add(newest);
        }
    }

    /** Whether the picture is that of one moment; if not, the lock is in transit. */
    boolean fit() {
        return fit;
    }

    List<LockHolder> all() {
        return all;
    }
}
