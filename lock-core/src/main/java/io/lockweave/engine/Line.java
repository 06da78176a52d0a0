package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.concurrent.locks.ReentrantLock;

/** Where shared and permit claims that are inside a gate go to the store one after the other. It never ends. */
final class Line extends Turnstile {

    Line(LockKey key) {
        super(key, ALL, 0, new ReentrantLock(), false);
    }

    @Override
    void died() {
        throw new IllegalStateException("a line does not end: " + this);
    }
}
