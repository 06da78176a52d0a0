package io.lockweave.redis;

import java.util.Map;
import java.util.TreeMap;

/** The scripts that work on locks, for tests that run each of them. */
public final class AllScripts {

    private AllScripts() {}

    /** Their sources by name. Not among them: what asks for the server's version, memory and role. */
    public static Map<String, String> sources() {
        Map<String, RedisScript> scripts = Map.ofEntries(
                Map.entry("take-free", RedisScript.TAKE_FREE),
                Map.entry("release-free", RedisScript.RELEASE_FREE),
                Map.entry("release-all-free", RedisScript.RELEASE_ALL_FREE),
                Map.entry("acquire", RedisScript.ACQUIRE),
                Map.entry("acquire-all", RedisScript.ACQUIRE_ALL),
                Map.entry("release", RedisScript.RELEASE),
                Map.entry("drop", RedisScript.DROP),
                Map.entry("leave", RedisScript.LEAVE),
                Map.entry("force", RedisScript.FORCE),
                Map.entry("renew", RedisScript.RENEW),
                Map.entry("find", RedisScript.FIND),
                Map.entry("clock", RedisScript.CLOCK),
                Map.entry("echo", RedisScript.ECHO));
        Map<String, String> sources = new TreeMap<>();
        scripts.forEach((name, script) -> sources.put(name, script.source()));
        return sources;
    }
}
