package io.lockweave.testservers.contest;

import java.util.List;

/**
 * What the threads of one JVM do.
 *
 * @param leaseMillis how long its locks last without renewal
 * @param keys how many locks it and all others contend for
 * @param threads how many of its threads want each of these
 * @param own names locks that nobody else wants, but for the JVM that takes its place when it was killed
 * @param ownKeys how many of them, with one thread each
 * @param seed for the order of things
 * @param stay the longest of its usual stays in ms, of which most take two; 0 has it leave at once
 * @param pause the longest pause between two stays, in ms
 */
record Contest(int leaseMillis, int keys, int threads, String own, int ownKeys, long seed, int stay, int pause) {

    /** How many words {@link #words} has. */
    static final int WORDS = 8;

    List<String> words() {
        return List.of("" + leaseMillis, "" + keys, "" + threads, own, "" + ownKeys, "" + seed, "" + stay, "" + pause);
    }

    static Contest of(List<String> words) {
        return new Contest(
                Integer.parseInt(words.get(0)),
                Integer.parseInt(words.get(1)),
                Integer.parseInt(words.get(2)),
                words.get(3),
                Integer.parseInt(words.get(4)),
                Long.parseLong(words.get(5)),
                Integer.parseInt(words.get(6)),
                Integer.parseInt(words.get(7)));
    }

    /** The same for another JVM in its place. */
    Contest with(long otherSeed) {
        return new Contest(leaseMillis, keys, threads, own, ownKeys, otherSeed, stay, pause);
    }
}
