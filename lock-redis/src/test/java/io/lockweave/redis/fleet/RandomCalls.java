package io.lockweave.redis.fleet;

import io.lockweave.redis.AllScripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Calls of the scripts, drawn at random, on a few locks by a few owners, with leases that end soon or do not. */
final class RandomCalls {

    /** One call. */
    record Call(String name, String source, List<String> keys, List<String> arguments) {

        @Override
        public String toString() {
            return name + " " + keys + " " + arguments;
        }
    }

    private static final Map<String, String> SOURCES = AllScripts.sources();
    private static final List<String> NAMES = List.copyOf(SOURCES.keySet());
    private static final String DISTURBING = "redis.call(unpack(ARGV)) return {}";

    private static final String[] OFTEN = {
        "acquire", "acquire", "acquire", "release", "release", "take-free", "release-free", "renew", "disturb"
    };

    private final Random random;

    RandomCalls(long seed) {
        this.random = new Random(seed);
    }

    /** How long to wait before the next call, in microseconds; mostly not at all. */
    int pause() {
        return random.nextInt(6) == 0 ? random.nextInt(6_000) : 0;
    }

    Call next(long nowMillis) {
        // What takes and gives back a lock comes more often than the rest.
        String name = random.nextInt(3) > 0 ? any(OFTEN) : anyScript();
        int lock = random.nextInt(3);
        String owner = owner();
        String inTime = "" + (random.nextInt(12) == 0 ? nowMillis - 5 : nowMillis + 60_000);
        List<Integer> some = some();
        return switch (name) {
            case "take-free" ->
                call(
                        name,
                        List.of(lock(lock), counter(lock)),
                        List.of(
                                mine(owner),
                                "001 " + fences() + " - " + place() + "\n" + text(lock),
                                time(),
                                inTime + "000"));
            case "release-free" -> call(name, List.of(lock(lock)), List.of(mine(owner)));
            case "release-all-free" ->
                call(name, locks(some), some.stream().map(i -> mine(owner())).toList());
            case "acquire" -> acquire(lock, owner, inTime);
            case "acquire-all" -> acquireAll(some, inTime);
            case "release" -> release(lock, owner);
            case "drop" -> call(name, List.of(lock(lock)), List.of(owner));
            case "forget" -> call(name, List.of(details(lock)), List.of(owner));
            case "leave" -> call(name, List.of(queue(lock)), List.of(owner));
            case "force" -> call(name, all(lock), List.of(text(lock), flag(), inTime));
            case "renew" -> renew(some);
            case "find" ->
                call(
                        name,
                        some.stream()
                                .flatMap(i -> List.of(lock(i), queue(i), details(i)).stream())
                                .toList(),
                        List.of());
            case "clock" -> call(name, all(lock), List.of());
            case "echo" -> call(name, List.of(), List.of(any(RealRedis.HEARD, RealRedis.UNHEARD)));
            default -> disturb(lock, nowMillis);
        };
    }

    private String anyScript() {
        int which = random.nextInt(NAMES.size() + 1);
        return which == NAMES.size() ? "disturb" : NAMES.get(which);
    }

    private static Call call(String name, List<String> keys, List<String> arguments) {
        return new Call(name, SOURCES.get(name), keys, arguments);
    }

    private Call acquire(int lock, String owner, String inTime) {
        String mode = any("X", "X", "S", "P");
        String permits = mode.equals("P") ? any("2", "2", "3") : "1";
        String channel = any("-", RealRedis.HEARD, RealRedis.HEARD, RealRedis.UNHEARD);
        String attempt = random.nextInt(8) == 0 ? "" : "#" + random.nextInt(20) + " ";
        return call(
                "acquire",
                all(lock),
                List.of(
                        owner,
                        mode + flag() + flag() + flag() + flag() + permits,
                        time(),
                        fences(),
                        place() + "\n" + text(lock),
                        time() + " " + time() + " " + any("G", "G", "W") + " " + channel + " " + time()
                                + (" " + attempt).stripTrailing(),
                        inTime));
    }

    private Call acquireAll(List<Integer> some, String inTime) {
        List<String> arguments = new ArrayList<>(List.of(flag(), time(), fences(), place(), inTime));
        some.forEach(i -> {
            arguments.add(owner());
            arguments.add(text(i));
        });
        return call(
                "acquire-all", some.stream().flatMap(i -> exclusive(i).stream()).toList(), arguments);
    }

    private Call release(int lock, String owner) {
        boolean withdrawn = random.nextInt(3) == 0;
        String flags = flag() + (withdrawn ? "1" : "0");
        return call("release", all(lock), withdrawn ? List.of(owner, flags, text(lock)) : List.of(owner, flags));
    }

    private Call renew(List<Integer> some) {
        List<String> arguments = new ArrayList<>(List.of(time()));
        some.forEach(i -> arguments.add(owner()));
        List<String> keys = new ArrayList<>(locks(some));
        some.stream().filter(i -> random.nextBoolean()).forEach(i -> {
            keys.add(details(i));
            arguments.add("+");
        });
        return call("renew", keys, arguments);
    }

    /** What is not of this version, a counter that was lost or is ahead of the clock, and keys of another kind. */
    private Call disturb(int lock, long nowMillis) {
        List<String> words =
                switch (random.nextInt(14)) {
                    case 0 -> List.of("SET", lock(lock), "3 what another version wrote");
                    case 1 -> List.of("HSET", lock(lock), "lw", "2 S 1");
                    case 7 -> List.of("ZADD", lock(lock), "0", "4 what another version wrote");
                    case 8 -> List.of("DEL", details(lock));
                    case 2 -> List.of("SET", queue(lock), "no queue");
                    case 3 -> List.of("DEL", counter(lock));
                    case 4 -> List.of("SET", counter(lock), nowMillis + random.nextInt(50) + "123456");
                    case 5 -> List.of("SET", counter(lock), "41");
                    case 6 -> List.of("DEL", lock(lock));
                    default -> List.of("SET", counter(lock), nowMillis + 2_000 + "123456");
                };
        return new Call("disturb", DISTURBING, List.of(), words);
    }

    // ---- words

    private static String lock(int which) {
        return "lock" + which;
    }

    private static String queue(int which) {
        return lock(which) + ":w";
    }

    /** Two locks share one. */
    private static String counter(int which) {
        return which / 2 + ":fence";
    }

    private static List<String> all(int which) {
        return List.of(lock(which), counter(which), queue(which), details(which));
    }

    private static List<String> exclusive(int which) {
        return List.of(lock(which), counter(which), queue(which));
    }

    private static String details(int which) {
        return lock(which) + ":h";
    }

    private static List<String> locks(List<Integer> some) {
        return some.stream().map(RandomCalls::lock).toList();
    }

    private static String text(int which) {
        return "space:name:" + which;
    }

    private static String place() {
        return "host 17 main";
    }

    private List<Integer> some() {
        List<Integer> some =
                IntStream.range(0, 3).filter(i -> random.nextBoolean()).boxed().toList();
        return some.isEmpty() ? List.of(random.nextInt(3)) : some;
    }

    private String owner() {
        return ("" + (char) ('a' + random.nextInt(4))).repeat(32);
    }

    private static String mine(String owner) {
        return "2 X " + owner + " ";
    }

    private String fences() {
        return any("1", "20", "999");
    }

    /** In milliseconds. */
    private String time() {
        return "" + (random.nextBoolean() ? 1 + random.nextInt(8) : 30_000);
    }

    private String flag() {
        return any("0", "1");
    }

    private String any(String... texts) {
        return texts[random.nextInt(texts.length)];
    }
}
