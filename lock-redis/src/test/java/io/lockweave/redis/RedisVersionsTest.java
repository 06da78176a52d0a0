package io.lockweave.redis;

import static io.lockweave.redis.Claims.busy;
import static io.lockweave.redis.Claims.claim;
import static io.lockweave.redis.Claims.granted;
import static io.lockweave.redis.Claims.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockMode;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that write this version's format beside programs with the scripts of version 1: they exclude each other. */
@Timeout(60)
class RedisVersionsTest extends OnOneRedis {

    private static final String OLD_OWNER = "00000000000000000000000000000001";

    private String old(String script, String... arguments) throws IOException {
        try (var in = RedisVersionsTest.class.getResourceAsStream("version1/" + script)) {
            String source = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return redis.text(Stream.of(
                            Stream.of("EVAL", source, "3"),
                            RedisKeys.of(key).exclusive().stream(),
                            Stream.of(arguments))
                    .flatMap(all -> all)
                    .toArray(String[]::new));
        }
    }

    private String oldTake(LockMode mode, String owner) throws IOException {
        String how = (mode == LockMode.EXCLUSIVE ? "X" : mode == LockMode.SHARED ? "S" : "P") + "0111"
                + (mode == LockMode.PERMIT ? "3" : "1");
        return old("acquire.lua", owner, how, "30000", "9", "place\nkey", "3000 G - 3000 #1", "9999999999999");
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
        Grant stale = new Grant(wanted(mode), 1, 1);
        assertThat(backend.renew(List.of(stale), Claims.LEASE)).containsExactly(Renewal.LOST);
        assertThat(backend.release(stale)).isFalse();
        assertThat(backend.find(key).orElseThrow().key()).contains("another version");

        assertThat(old("release.lua", OLD_OWNER, "10")).isEqualTo("[1]");
        assertThat(backend.release(granted(backend, claim))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(LockMode.class)
    void whatIsHeldHereIsBusyForAnOldProgramAndNeverTouched(LockMode mode) throws IOException {
        Grant grant = granted(backend, wanted(mode));

        assertThat(oldTake(mode, OLD_OWNER)).as("cannot be read").startsWith("[F, ");
        assertThat(oldTake(mode, grant.owner())).startsWith("[F, ");
        assertThat(old("release.lua", grant.owner(), "10")).isEqualTo("[0]");
        assertThat(backend.renew(List.of(grant), Claims.LEASE)).containsExactly(Renewal.HELD);

        assertThat(backend.release(grant)).isTrue();
        assertThat(oldTake(mode, OLD_OWNER)).startsWith("[G, ");
    }
}
