package io.lockweave.jdbc.lease;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import java.util.UUID;

/**
 * Where PostgreSQL tells of releases in a table, and how a claim stands in a row's queue.
 *
 * @param common heard by all JVMs on the table
 * @param jvm what names this backend in its own channel and its entries
 */
record Channels(String common, String jvm) {

    private static final int JVM = 8;
    private static final int CLAIM = 12;

    /** The channels of a table for one more JVM. */
    static Channels of(String table) {
        return new Channels(
                "lockweave_" + LockKey.of("channel", table).fingerprint().substring(0, 24),
                UUID.randomUUID().toString().substring(0, JVM));
    }

    /** What the own channels of all JVMs begin with. */
    String prefix() {
        return common + "_";
    }

    /** Heard by this JVM alone. */
    String own() {
        return prefix() + jvm;
    }

    /** How the claim stands in a queue. */
    String entry(Claim claim) {
        return jvm + mark(claim) + " ";
    }

    /** What names the claim in its entry, and behind the key in what is told on the own channel. */
    static String mark(Claim claim) {
        String owner = claim.owner();
        return owner.length() < CLAIM ? "0".repeat(CLAIM - owner.length()) + owner : owner.substring(0, CLAIM);
    }
}
