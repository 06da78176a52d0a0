package io.lockweave.spring.metrics;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spring.backend.AcquisitionListener;
import io.lockweave.spring.backend.BoundedNames;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An observation {@code lockweave.acquire} around each acquisition, so that a trace shows where a request waited for a
 * lock. Its parent is the observation of the thread that asks. Key names, all of low cardinality: name, mode, backend,
 * outcome. Never the key.
 */
final class LockObservations implements AcquisitionListener {

    private final ObservationRegistry observations;
    private final BoundedNames names;

    LockObservations(ObservationRegistry observations, BoundedNames names) {
        this.observations = observations;
        this.names = names;
    }

    @Override
    public Asked begins(Locks locks, Collection<LockKey> keys, LockOptions options) {
        String name = name(keys);
        return new Observed(Observation.createNotStarted("lockweave.acquire", observations)
                .contextualName("lock " + name)
                .lowCardinalityKeyValue("name", name)
                .lowCardinalityKeyValue("mode", LockOutcome.word(options.mode()))
                .lowCardinalityKeyValue("backend", locks.backend())
                .start());
    }

    /** The name of all keys, or {@code several}. */
    private String name(Collection<LockKey> keys) {
        Iterator<LockKey> all = keys.iterator();
        String name = all.hasNext() ? all.next().name() : "none";
        while (all.hasNext()) {
            if (!all.next().name().equals(name)) {
                return "several";
            }
        }
        return names.tag(name);
    }

    /** One acquisition under observation. */
    private record Observed(Observation observation) implements Asked {

        @Override
        public void acquired(HeldLock held) {
            end(LockOutcome.ACQUIRED);
        }

        @Override
        public void failed(@Nullable Throwable why) {
            if (why != null) {
                observation.error(why);
            }
            end(LockOutcome.whyNot(why));
        }

        private void end(String outcome) {
            observation.lowCardinalityKeyValue("outcome", outcome).stop();
        }
    }
}
