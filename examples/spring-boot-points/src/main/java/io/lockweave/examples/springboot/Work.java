package io.lockweave.examples.springboot;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What a program does between reading and writing: asks a price list, computes, calls a service. */
final class Work {

    private Work() {}

    static void take(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
