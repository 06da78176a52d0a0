package io.lockweave.engine;

import io.lockweave.LockListener;
import io.lockweave.LockOptions;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** Engines as tests of their insides need them. */
final class Engines {

    private Engines() {}

    static LockEngine on(LockBackend backend, ThreadFactory threads, LockListener... listeners) {
        return on(backend, threads, TimeSource.system(), listeners);
    }

    static LockEngine on(LockBackend backend, ThreadFactory threads, TimeSource time, LockListener... listeners) {
        return new LockEngine(
                backend,
                new EngineSettings(
                        "lockweave",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        null,
                        Duration.ZERO,
                        LockOptions.FOREVER,
                        true,
                        false,
                        true,
                        false,
                        time,
                        List.of(listeners)),
                threads);
    }
}
