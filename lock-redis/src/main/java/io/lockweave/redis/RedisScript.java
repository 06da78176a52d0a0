package io.lockweave.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One script of the protocol: its source, and the digest under which a server that has seen it keeps it. */
public final class RedisScript {

    static final RedisScript TAKE_FREE = load("take-free.lua");
    static final RedisScript RELEASE_FREE = load("release-free.lua");
    static final RedisScript RELEASE_ALL_FREE = load("release-all-free.lua");
    static final RedisScript ACQUIRE = load("acquire-exclusive.lua", "lock.lua", "acquire.lua");
    static final RedisScript ACQUIRE_ALL = load("acquire-all-free.lua", "lock.lua", "acquire-all.lua");
    static final RedisScript RELEASE = load("release-exclusive.lua", "lock.lua", "release.lua");
    static final RedisScript DROP = load("lock.lua", "drop.lua");
    static final RedisScript LEAVE = load("leave.lua");
    static final RedisScript FORGET = load("forget.lua");
    static final RedisScript ECHO = load("echo.lua");
    static final RedisScript ROLE = load("role.lua");
    static final RedisScript FORCE = load("lock.lua", "force.lua");
    static final RedisScript RENEW = load("renew.lua");
    static final RedisScript SERVER = load("server.lua");
    static final RedisScript CLOCK = load("clock.lua");
    static final RedisScript FIND = load("find.lua");

    private final String source;
    private final String digest;

    private RedisScript(String source) {
        this.source = source;
        this.digest = sha1(source);
    }

    /** The Lua source, in ASCII, for {@code EVAL}. */
    public String source() {
        return source;
    }

    /** The SHA-1 of the source in hex, for {@code EVALSHA}. */
    public String digest() {
        return digest;
    }

    private static RedisScript load(String... resources) {
        StringBuilder source = new StringBuilder();
        for (String resource : resources) {
            try (InputStream in = RedisScript.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException(resource + " is missing from the lock-redis jar");
                }
                source.append(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + resource, e);
            }
        }
        return new RedisScript(source.toString());
    }

    private static String sha1(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(source.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
