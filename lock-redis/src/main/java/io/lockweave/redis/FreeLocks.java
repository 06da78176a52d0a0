package io.lockweave.redis;

import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import java.util.List;
import java.util.function.Supplier;

/**
 * Exclusive locks that nobody else wants are taken and given back by scripts that can do nothing else, at about three
 * quarters of the server's time. Where that is not enough the whole script follows, and is asked at once the next time,
 * for as long as it finds that somebody waits.
 */
final class FreeLocks {

    /** A number of keys share a place: what one of them learns is at worst a detour for another. */
    private static final int PLACES = 4_096;

    /** The first fence of a microsecond. */
    private static final String FIRST = "001";

    private final RedisCalls calls;
    private final boolean[] wanted = new boolean[PLACES]; // a guess, so races do no harm

    FreeLocks(RedisCalls calls) {
        this.calls = calls;
    }

    /** Whether a claim may be {@link #take taken} by the short script. */
    boolean isFor(Claim claim, boolean first, RedisKeys keys) {
        return first && claim.mode() == LockMode.EXCLUSIVE && !claim.fair() && !wanted[place(keys)];
    }

    /** Takes a lock; what the answer means is told in acquire.lua. */
    List<String> take(
            String action,
            RedisKeys keys,
            Claim claim,
            String lease,
            String fences,
            String text,
            String notAfter,
            Supplier<List<String>> whole) {
        List<String> answer = calls.run(
                action,
                RedisScript.TAKE_FREE,
                List.of(keys.lock(), keys.counter()),
                List.of(mine(claim.owner()), FIRST + " " + fences + " - " + text, lease, notAfter + "000"));
        return switch (answer.get(0)) {
            case "L" -> answer;
            case "B" -> {
                wanted[place(keys)] = true;
                yield whole.get();
            }
            default -> {
                String micros = answer.get(0);
                yield List.of("G", micros + FIRST, fences, micros.substring(0, micros.length() - 3));
            }
        };
    }

    /** Releases a lock; answers whether it was held. */
    boolean release(String action, RedisKeys keys, Claim claim, Supplier<List<String>> whole) {
        int place = place(keys);
        if (claim.mode() == LockMode.EXCLUSIVE && !wanted[place]) {
            List<String> answer =
                    calls.run(action, RedisScript.RELEASE_FREE, List.of(keys.lock()), List.of(mine(claim.owner())));
            if (answer.get(0).equals("1")) {
                return true;
            }
            wanted[place] = true;
        }
        List<String> answer = whole.get();
        if (answer.size() > 1) {
            wanted[place] = false;
        }
        return answer.get(0).equals("1");
    }

    /** Asks for a release of all of these at once; answers for each whether it is done. */
    List<Boolean> releaseAll(String action, List<Claim> claims, List<RedisKeys> keys) {
        return calls
                .run(
                        action,
                        RedisScript.RELEASE_ALL_FREE,
                        keys.stream().map(RedisKeys::lock).toList(),
                        claims.stream().map(claim -> mine(claim.owner())).toList())
                .stream()
                .map("1"::equals)
                .toList();
    }

    private static String mine(String owner) {
        return "2 X " + owner + " ";
    }

    private static int place(RedisKeys keys) {
        return keys.lock().hashCode() & (PLACES - 1);
    }
}
