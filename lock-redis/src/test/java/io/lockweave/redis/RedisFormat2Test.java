package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockMode;
import io.lockweave.redis.Claims.Waiter;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Beside programs that write shared locks and semaphores as hashes, format 2: these exclude one another and wait in one
 * queue; exclusive locks, whose format is the same, are passed on from one kind to the other.
 */
@Timeout(60)
class RedisFormat2Test extends OnOneRedis {

    private static final String OLD_OWNER = "00000000000000000000000000000001";
    private static final String CHANNEL = "lw:of-an-old-program";

    private String old(String script, List<String> keys, String... arguments) throws IOException {
        try (var in = RedisFormat2Test.class.getResourceAsStream("version2/" + script)) {
            String source = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return redis.text(
                    Stream.of(Stream.of("EVAL", source, "" + keys.size()), keys.stream(), Stream.of(arguments))
                            .flatMap(all -> all)
                            .toArray(String[]::new));
        }
    }

    private String oldTake(LockMode mode, String owner) throws IOException {
        String how = (mode == LockMode.EXCLUSIVE ? "X" : mode == LockMode.SHARED ? "S" : "P") + "0010"
                + (mode == LockMode.PERMIT ? "3" : "1");
        String queued = "3000 G " + CHANNEL + " 3000 #1";
        return old(
                "acquire.lua",
                RedisKeys.of(key).exclusive(),
                owner,
                how,
                "30000",
                "9",
                "place\nkey",
                queued,
                "9999999999999");
    }

    private String oldRelease(String owner) throws IOException {
        return old("release.lua", RedisKeys.of(key).exclusive(), owner, "00");
    }

    private Claim wanted(LockMode mode) {
        return claim(key, mode, mode == LockMode.PERMIT ? 3 : 1, false, Claims.LEASE, 9, true);
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void whatAnOldProgramHoldsIsBusyAndNeverTouched(LockMode mode) throws IOException {
        assertThat(oldTake(mode, OLD_OWNER)).startsWith("[G, ");
        Claim claim = wanted(mode);

        assertThat(busy(backend, claim).retryAfter())
                .as("asked again at its end")
                .isNotNull();
        backend.withdraw(claim);
        Grant stale = new Grant(wanted(mode), 1, 1);
        assertThat(backend.renew(List.of(stale), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.release(stale)).isFalse();

        assertThat(oldRelease(OLD_OWNER)).startsWith("[1");
        assertThat(backend.release(granted(backend, claim))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void whatIsHeldHereIsBusyForAnOldProgramAndNeverTouched(LockMode mode) throws IOException {
        Grant grant = granted(backend, wanted(mode));

        assertThat(oldTake(mode, OLD_OWNER)).startsWith(mode == LockMode.EXCLUSIVE ? "[B, " : "[F, ");
        if (mode != LockMode.EXCLUSIVE) {
            assertThat(oldTake(mode, grant.owner())).as("cannot be read").startsWith("[F, ");
            assertThat(oldRelease(grant.owner())).isEqualTo("[0]");
            assertThat(old("renew.lua", List.of(RedisKeys.of(key).lock()), "30000", grant.owner()))
                    .isEqualTo("[0]");
        }
        assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);

        assertThat(backend.release(grant)).isTrue();
        assertThat(oldTake(mode, OLD_OWNER)).startsWith("[G, ");
    }

    @Test
    void anExclusiveLockIsPassedOnFromAnOldProgram() throws IOException {
        assertThat(oldTake(LockMode.EXCLUSIVE, OLD_OWNER)).startsWith("[G, ");
        try (Waiter waiter = Waiter.exclusive(backend, key)) {
            assertThat(oldRelease(OLD_OWNER)).startsWith("[1");

            assertThat(backend.release(waiter.awaitGrant())).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"SHARED", "PERMIT"})
    void anOldProgramLetsNobodyInWhoCouldNotReadIt(LockMode mode) throws IOException {
        assertThat(oldTake(LockMode.EXCLUSIVE, OLD_OWNER)).startsWith("[G, ");
        try (Waiter waiter = Waiter.of(backend, key, mode, mode == LockMode.PERMIT ? 3 : 1, false)) {
            assertThat(oldRelease(OLD_OWNER)).startsWith("[1");

            assertThat(redis.text("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
            assertThat(backend.release(granted(backend, waiter.claim))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"SHARED", "PERMIT"})
    void noOldProgramIsLetInThatCouldNotReadItAndItEntersWhenItAsks(LockMode mode) throws IOException {
        Grant grant = granted(backend, wanted(LockMode.EXCLUSIVE));
        assertThat(oldTake(mode, OLD_OWNER)).startsWith("[B, ");

        redis.run("CONFIG", "RESETSTAT");

        assertThat(backend.release(grant)).isTrue();

        assertThat(redis.text("EXISTS", RedisKeys.of(key).lock())).isEqualTo("0");
        assertThat(Server.calls(redis.text("INFO", "commandstats"), "publish"))
                .as("it is woken")
                .isEqualTo(1);
        busy(
                backend,
                claim(
                        key,
                        mode,
                        mode == LockMode.PERMIT ? 3 : 1,
                        true,
                        Claims.LEASE,
                        9,
                        false)); // as it keeps its place
        assertThat(oldTake(mode, OLD_OWNER)).startsWith("[G, ");
        assertThat(oldRelease(OLD_OWNER)).startsWith("[1");
    }
}
