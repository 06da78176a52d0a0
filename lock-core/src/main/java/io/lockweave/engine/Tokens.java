package io.lockweave.engine;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Owner tokens: 128 random bits for each acquisition, so that no other one can ever be taken for it. */
final class Tokens {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private Tokens() {}

    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
