package io.lockweave.engine;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The owner tokens of one engine. The first half is random and the engine's own, so that it knows them again in the
 * store; the second half is random for each acquisition. No other one can ever be taken for it.
 */
final class OwnerTokens {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 8;

    private final String mine = random();

    String next() {
        return mine + random();
    }

    /** Whether a token is of this engine. */
    boolean isMine(String token) {
        return token.startsWith(mine);
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
