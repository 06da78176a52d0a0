package io.lockweave.benchmarks.contest;

/** A way to be alone with a key. Used from many threads at once. */
interface Mutex extends AutoCloseable {

    /** Waits for the key, runs the body alone, and gives the key back. */
    void run(String key, Runnable body) throws Exception;

    @Override
    void close();
}
