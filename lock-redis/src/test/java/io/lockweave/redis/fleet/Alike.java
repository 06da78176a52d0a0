package io.lockweave.redis.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Whether two servers did the same. Hashes have no order, so of several holders any may be named. */
final class Alike {

    private Alike() {}

    static boolean alike(RandomCalls.Call call, RealRedis.Outcome one, RealRedis.Outcome other) {
        return sorted(one.left()).equals(sorted(other.left()))
                && one.published().equals(other.published())
                && Objects.equals(answer(call, one), answer(call, other));
    }

    static String told(RealRedis.Outcome outcome) {
        return "answers " + outcome.answer() + ", publishes " + outcome.published() + ", leaves "
                + sorted(outcome.left());
    }

    private static List<List<String>> sorted(List<List<String>> keys) {
        return keys.stream().sorted(Comparator.comparing(key -> key.get(0))).toList();
    }

    /** The answer, or nothing if the script failed. */
    private static List<String> answer(RandomCalls.Call call, RealRedis.Outcome outcome) {
        List<String> answer = outcome.answer();
        if (answer == null) {
            return List.of("failed");
        }
        if (call.name().equals("find")) {
            return answer.stream().sorted().toList();
        }
        if (answer.size() == 6 && answer.get(0).equals("B") && !answer.get(2).equals("X")) {
            String holder = answer.get(3) + "=" + answer.get(4);
            String lock = call.keys().get(0);
            boolean holds = outcome.left().stream().anyMatch(key -> key.get(0).equals(lock) && key.contains(holder));
            List<String> any = new ArrayList<>(answer);
            any.set(3, holds ? "one of them" : "none of them");
            any.set(4, "");
            return any;
        }
        return answer;
    }
}
