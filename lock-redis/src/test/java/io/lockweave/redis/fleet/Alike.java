package io.lockweave.redis.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** Whether two servers did the same. Hashes have no order, so what is found may be told in any. */
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
        return answer;
    }
}
