package io.lockweave.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.local.LocalBackend;
import io.lockweave.spring.backend.BoundedNames;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rules and the dashboard that the docs ship ask for meters that exist, by names as Prometheus has them. */
class AlertsTest {

    private static final Path FOLDER = Path.of("../docs/operations");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void everySeriesAndOutcomeThatIsAskedForExistsFromTheFirstUseOfANameOn() throws IOException {
        useOneName();
        for (String file : List.of("alerts.yml", "dashboard.json")) {
            String text = Files.readString(FOLDER.resolve(file));
            assertThat(found(text, "lockweave_[a-z_]+", 0))
                    .as(file)
                    .isNotEmpty()
                    .isSubsetOf(series());
            assertThat(found(text, "outcome=\\\\?\"([a-z-]+)", 1))
                    .as(file)
                    .isNotEmpty()
                    .isSubsetOf(tagValues("outcome"));
        }
    }

    private void useOneName() {
        LockMetrics metrics = new LockMetrics(meters, BoundedNames.of(LockweaveConfig.of(new Properties())));
        try (Locks locks = Locks.builder(new LocalBackend()).listener(metrics).build()) {
            LockKey key = LockKey.of("user", 1);
            HeldLock held = locks.acquire(key);
            metrics.begins(locks, List.of(key), LockOptions.defaults()).acquired(held);
            held.close();
        }
    }

    /** Names as Prometheus has them: what is in seconds says so, timers have parts, counters a suffix. */
    private Set<String> series() {
        Set<String> names = new TreeSet<>();
        for (Meter meter : meters.getMeters()) {
            String name = meter.getId().getName().replace('.', '_');
            switch (meter.getId().getType()) {
                case TIMER ->
                    List.of("_seconds_count", "_seconds_sum", "_seconds_max").forEach(end -> names.add(name + end));
                case COUNTER -> names.add(name + "_total");
                default -> names.add("seconds".equals(meter.getId().getBaseUnit()) ? name + "_seconds" : name);
            }
        }
        return names;
    }

    private Set<String> tagValues(String tag) {
        return meters.getMeters().stream()
                .map(meter -> meter.getId().getTag(tag))
                .filter(value -> value != null)
                .collect(Collectors.toSet());
    }

    private static Set<String> found(String text, String pattern, int group) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult result) -> result.group(group))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
