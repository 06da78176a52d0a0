package io.lockweave.testkit;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The program of a {@link ForkedHolder}: takes a lock, and releases it when a line comes in or the input ends. */
final class HolderProcess {

    static final String HELD = "held ";
    static final String LOST = "lost";
    static final String RELEASED = "released";
    static final String ENDED = "ended";

    private HolderProcess() {}

    /** Arguments: the maker's class, the key, the lease in milliseconds, the maker's arguments. */
    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        ForkedHolder.BackendMaker maker = Class.forName(args[0])
                .asSubclass(ForkedHolder.BackendMaker.class)
                .getDeclaredConstructor()
                .newInstance();
        LockKey key = decode(args[1]);
        LockOptions options = LockOptions.defaults()
                .leaseTime(Duration.ofMillis(Long.parseLong(args[2])))
                .waitTime(Duration.ofSeconds(30));
        try (Locks locks = Locks.builder(maker.make(Arrays.asList(args).subList(3, args.length)))
                        .build();
                HeldLock lock = locks.acquire(key, options)) {
            lock.onLost(lost -> out.println(LOST));
            out.println(HELD + lock.fence());
            awaitInput();
        }
        out.println(RELEASED);
    }

    private static void awaitInput() throws IOException {
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    }

    /** Any key as plain ASCII, which every platform passes on as an argument. */
    static String encode(LockKey key) {
        return hex(key.namespace()) + "." + hex(key.name()) + "." + hex(key.value());
    }

    static LockKey decode(String text) {
        String[] parts = text.split("\\.", -1);
        LockKey key = parts[2].isEmpty() ? LockKey.of(unhex(parts[1])) : LockKey.of(unhex(parts[1]), unhex(parts[2]));
        return key.in(unhex(parts[0]));
    }

    private static String hex(String text) {
        return text.chars().mapToObj(c -> String.format("%04x", c)).collect(Collectors.joining());
    }

    private static String unhex(String hex) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < hex.length(); i += 4) {
            text.append((char) Integer.parseInt(hex.substring(i, i + 4), 16));
        }
        return text.toString();
    }
}
