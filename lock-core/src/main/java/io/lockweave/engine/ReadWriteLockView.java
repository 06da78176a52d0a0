package io.lockweave.engine;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;

/** The shared and the exclusive lock of one key, as the JDK's type. */
record ReadWriteLockView(Lock readLock, Lock writeLock) implements ReadWriteLock {}
