package io.lockweave.redis;

import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Several locks in one script call: all of them are taken or none. */
final class JointLocks {

    /** Locks that one script takes; more are asked for one after the other. */
    private static final int MOST = 100;

    private final RedisCalls calls;
    private final TimedCalls timed;
    private final FreeLocks free;
    private final boolean possible;

    /**
     * Of this server.
     *
     * @param possible false for a Cluster, whose keys are on several servers, and where replicas confirm one lock at a
     *     time
     */
    JointLocks(RedisCalls calls, TimedCalls timed, FreeLocks free, boolean possible) {
        this.calls = calls;
        this.timed = timed;
        this.free = free;
        this.possible = possible;
    }

    boolean isPossible() {
        return possible;
    }

    JointAttempt tryAcquireAll(List<Claim> claims) {
        if (!possible || claims.size() > MOST) {
            return JointAttempt.Apart.APART;
        }
        List<RedisKeys> keys = keys(claims);
        Claim any = claims.get(0);
        List<String> names =
                keys.stream().flatMap(key -> key.exclusive().stream()).toList();
        String action = "take " + claims.size() + " locks, " + any.key() + " first";
        return Answers.attempt(claims, timed.call(action, keys.get(0), notAfter -> {
            List<String> arguments = new ArrayList<>(List.of(
                    RedisBackend.flag(any.fair()),
                    RedisBackend.millis(any.lease()),
                    "" + any.fences(),
                    Ascii.text(any.place().text()),
                    notAfter));
            for (Claim claim : claims) {
                arguments.add(claim.owner());
                arguments.add(Ascii.text(claim.key().toString()));
            }
            return calls.run(action, RedisScript.ACQUIRE_ALL, names, arguments);
        }));
    }

    boolean canRelease(List<Grant> grants) {
        return possible && grants.size() <= MOST;
    }

    /** One script frees what nobody waits for; the others follow one by one. */
    List<Boolean> releaseAll(List<Grant> grants, Predicate<Grant> oneByOne) {
        long before = calls.repeats();
        List<Claim> claims = grants.stream().map(Grant::claim).toList();
        String action = "release " + grants.size() + " locks, " + claims.get(0).key() + " first";
        List<Boolean> done = free.releaseAll(action, claims, keys(claims));
        List<Boolean> held = new ArrayList<>(grants.size());
        for (int i = 0; i < grants.size(); i++) {
            held.add(done.get(i) || oneByOne.test(grants.get(i)) || calls.repeats() != before);
        }
        return held;
    }

    private static List<RedisKeys> keys(List<Claim> claims) {
        return claims.stream().map(claim -> RedisKeys.of(claim.key())).toList();
    }
}
