package io.lockweave.redis;

import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.StoredLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the scripts answer. */
final class Answers {

    /** A lock that is a string: owner, the rest of the holder, and the key. */
    private static final Pattern EXCLUSIVE = Pattern.compile("2 [XW] ([0-9a-f]+) ([^\n]+)\n(.*)", Pattern.DOTALL);

    /** The scale of a fence that was made from the clock. */
    private static final long FENCES_A_MILLISECOND = 1_000_000;

    private Answers() {}

    /** Whether the answer of acquire.lua leaves the claim waiting, if it is ready to wait. */
    static boolean isBusy(List<String> answer) {
        return answer.get(0).equals("B") || answer.get(0).equals("F");
    }

    /** Whether a script did nothing because it was asked too late. */
    static boolean isTooLate(List<String> answer) {
        return answer.get(0).equals("L");
    }

    /** Within which time a claim that waits asks again, where the answer of acquire.lua tells it. */
    static Duration asksWithin(List<String> answer) {
        return answer.size() > 6 ? Duration.ofMillis(Long.parseLong(answer.get(6))) : LockStore.POLL_WITH_PUSH;
    }

    /** The server's time in milliseconds, if the answer tells it, or -1. */
    static long time(List<String> answer) {
        int place =
                switch (answer.get(0)) {
                    case "G" -> 3;
                    case "B" -> 5;
                    case "L", "T", "A" -> 1;
                    default -> -1;
                };
        return place < 0 ? -1 : Long.parseLong(answer.get(place));
    }

    /** The answer of acquire.lua. */
    static Attempt attempt(Claim claim, List<String> answer) {
        return switch (answer.get(0)) {
            case "G" ->
                new Attempt.Granted(new Grant(claim, Long.parseLong(answer.get(1)), Integer.parseInt(answer.get(2))));
            case "B" -> busy(answer);
            case "U" ->
                throw new LockUsageException(
                        "The key " + claim.key() + " is in use with " + answer.get(1)
                                + " permits, and this claim names " + claim.permits(),
                        "name the same number of permits everywhere");
            case "F" -> new Attempt.Busy(left(Long.parseLong(answer.get(1))), null);
            default -> throw new IllegalStateException("unexpected answer " + answer);
        };
    }

    /** The answer of acquire-all.lua. */
    static JointAttempt attempt(List<Claim> claims, List<String> answer) {
        return switch (answer.get(0)) {
            case "T" -> {
                List<Grant> grants = new ArrayList<>();
                for (int i = 0; i < claims.size(); i++) {
                    grants.add(new Grant(
                            claims.get(i),
                            Long.parseLong(answer.get(2 + 2 * i)),
                            Integer.parseInt(answer.get(3 + 2 * i))));
                }
                yield new JointAttempt.Granted(grants);
            }
            case "B" ->
                new JointAttempt.Busy(
                        claims.get(Integer.parseInt(answer.get(6)) - 1).key(), busy(answer));
            case "A" -> JointAttempt.Apart.APART;
            default -> throw new IllegalStateException("unexpected answer " + answer);
        };
    }

    private static Attempt.Busy busy(List<String> answer) {
        long left = Long.parseLong(answer.get(1));
        String owner = answer.get(3);
        LockHolder holder = owner.isEmpty()
                ? null
                : holder(owner, answer.get(4), mode(answer.get(2)), left, Long.parseLong(answer.get(5)));
        return new Attempt.Busy(left(left), holder);
    }

    private static @Nullable Duration left(long millis) {
        return millis < 0 ? null : Duration.ofMillis(millis);
    }

    private static LockMode mode(String letter) {
        return switch (letter) {
            case "S" -> LockMode.SHARED;
            case "P" -> LockMode.PERMIT;
            default -> LockMode.EXCLUSIVE;
        };
    }

    /** One holder's field; null if its lease is over. */
    private static @Nullable LockHolder holder(String owner, String value, LockMode mode, long keyLeft, long now) {
        String[] parts = value.split(" ", 5);
        if (parts.length < 5) {
            return null;
        }
        long left = mode == LockMode.EXCLUSIVE ? keyLeft : Long.parseLong(parts[0]) - now;
        if (left <= 0) {
            return null;
        }
        long fence = Long.parseLong(parts[1]);
        long since = parts[3].equals("-") ? fence / FENCES_A_MILLISECOND : Long.parseLong(parts[3]);
        return new LockHolder(
                owner,
                LockPlace.parse(parts[4]),
                mode,
                fence,
                Duration.ofMillis(Math.max(0, now - since)),
                Duration.ofMillis(left));
    }

    /** The answer of find.lua: the locks that are held, in the order asked. */
    static List<StoredLock> locks(List<String> answer) {
        long now = Long.parseLong(answer.get(0));
        List<StoredLock> locks = new ArrayList<>();
        int at = 1;
        while (at < answer.size()) {
            int values = Integer.parseInt(answer.get(at));
            StoredLock lock = lock(answer.subList(at + 1, at + 1 + values), now);
            if (lock != null) {
                locks.add(lock);
            }
            at += 1 + values;
        }
        return locks;
    }

    private static @Nullable StoredLock lock(List<String> values, long now) {
        long left = Long.parseLong(values.get(0));
        int waiters = Integer.parseInt(values.get(1));
        Map<String, String> fields = new HashMap<>();
        for (int i = 2; i + 1 < values.size(); i += 2) {
            fields.put(values.get(i), values.get(i + 1));
        }
        if (fields.isEmpty()) {
            return null;
        }
        String head = String.valueOf(fields.remove("lw"));
        Matcher exclusive = EXCLUSIVE.matcher(head);
        if (exclusive.matches()) {
            LockHolder holder = holder(exclusive.group(1), "0 " + exclusive.group(2), LockMode.EXCLUSIVE, left, now);
            return holder == null ? null : new StoredLock(exclusive.group(3), List.of(holder), waiters);
        }
        String key = String.valueOf(fields.remove("key"));
        if (!head.startsWith("3 S ") && !head.startsWith("3 P ")) {
            return foreign(left, waiters);
        }
        LockMode mode = mode(head.substring(2, 3));
        List<LockHolder> holders = new ArrayList<>();
        fields.forEach((owner, value) -> {
            LockHolder holder = holder(owner, value, mode, left, now);
            if (holder != null) {
                holders.add(holder);
            }
        });
        return holders.isEmpty() ? null : new StoredLock(key, holders, waiters);
    }

    /** A value that another version wrote: held, by whom is unknown. */
    private static StoredLock foreign(long left, int waiters) {
        LockHolder somebody = new LockHolder("?", new LockPlace("?", -1, "?"), LockMode.EXCLUSIVE, 0, null, left(left));
        return new StoredLock("(written by another version of Lockweave)", List.of(somebody), waiters);
    }
}
