package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lockweave.LockUsageException;
import io.lockweave.redis.RedisAddress.Kind;
import io.lockweave.redis.RedisAddress.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

    @Test
    void aPlainAddressHasItsDefaults() {
        assertThat(RedisAddress.parse("redis://cache"))
                .isEqualTo(new RedisAddress(Kind.SINGLE, false, null, null, List.of(new Node("cache", 6379)), 0, ""));
    }

    @Test
    void loginDatabaseAndTlsAreRead() {
        assertThat(RedisAddress.parse("rediss://app:p%40ss%3Aw%2Frd+1@cache.example:7000/3"))
                .isEqualTo(new RedisAddress(
                        Kind.SINGLE, true, "app", "p@ss:w/rd+1", List.of(new Node("cache.example", 7000)), 3, ""));
    }

    @Test
    void aPasswordMayComeWithoutAUser() {
        assertThat(RedisAddress.parse("redis://:secret@h").password()).isEqualTo("secret");
        assertThat(RedisAddress.parse("redis://secret@h").password()).isEqualTo("secret");
        assertThat(RedisAddress.parse("redis://:secret@h").user()).isNull();
    }

    @Test
    void sentinelsAndTheirMasterAreRead() {
        assertThat(RedisAddress.parse("redis-sentinel://:pw@a,b:26380/2#main"))
                .isEqualTo(new RedisAddress(
                        Kind.SENTINEL,
                        false,
                        null,
                        "pw",
                        List.of(new Node("a", 26379), new Node("b", 26380)),
                        2,
                        "main"));
    }

    @Test
    void nodesOfAClusterAreRead() {
        assertThat(RedisAddress.parse("rediss-cluster://a:7000,[::1]:7001"))
                .isEqualTo(new RedisAddress(
                        Kind.CLUSTER, true, null, null, List.of(new Node("a", 7000), new Node("[::1]", 7001)), 0, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis://a,b",
                "redis://h:seven",
                "redis://h:70000",
                "redis://h/x",
                "redis-sentinel://a,b",
                "redis-cluster://a/1",
                "redis://u:topsecret@h h",
                "redis-cluster://a,,b"
            })
    void whatIsNoAddressIsRefusedWithTheRightForms(String text) {
        assertThatExceptionOfType(LockUsageException.class)
                .isThrownBy(() -> RedisAddress.parse(text))
                .withMessageContaining("lockweave.redis.uri")
                .withMessageContaining("redis-sentinel://")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("topsecret"))
                .satisfies(e -> assertThat(e.getCause()).isNull());
    }

    @Test
    void thePasswordIsNotPrinted() {
        assertThat(RedisAddress.parse("redis://app:topsecret@h").toString()).doesNotContain("topsecret");
    }
}
