package io.lockweave.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.StringUtils;

/** An address frees the lock that it was made for, or there is none: keys come from requests of strangers. */
class LockAddressesTest {

    private final LockAddresses addresses = new LockAddresses("shop");

    private @Nullable String address(LockKey key) {
        return addresses.of(key.in("shop").toString());
    }

    /** What becomes of an address on its way: the browser resolves dots, and Spring Boot leaves out empty parts. */
    private static LockKey arrives(String address) {
        URI sent = URI.create("http://host/actuator/locks/").resolve(address).normalize();
        String path = sent.getRawPath();
        assertThat(path).startsWith("/actuator/locks/");
        return LocksEndpoint.key(Arrays.stream(StringUtils.tokenizeToStringArray(
                        path.substring("/actuator/locks/".length()), "/", false, true))
                .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toArray(String[]::new));
    }

    static Stream<LockKey> usual() {
        return Stream.of(
                LockKey.of("report"),
                LockKey.of("com.acme.Points", 42),
                LockKey.of("file", "a/b/c"),
                LockKey.of("file", "..."),
                LockKey.of("file", "a/.b"),
                LockKey.of("user", "a b+c"),
                LockKey.of("user", "%41"),
                LockKey.of("user", "%2e%2e"),
                LockKey.of("user", "a?b#c"),
                LockKey.of("user", "b;c"),
                LockKey.of("user", "~*'()!"),
                LockKey.of("user", "ü\uD83D\uDE00"),
                LockKey.of("user", "<script>alert(1)</script>"));
    }

    @ParameterizedTest
    @MethodSource("usual")
    void it_leads_to_its_lock(LockKey key) {
        assertThat(arrives(Objects.requireNonNull(address(key)))).isEqualTo(key);
    }

    static Stream<LockKey> misleading() {
        return Stream.of(
                LockKey.of("doc", "../user/42"),
                LockKey.of("doc", ".."),
                LockKey.of("doc", "a/../../user/42"),
                LockKey.of("doc", "a/."),
                LockKey.of("doc", "/etc/x"),
                LockKey.of("doc", "a//b"),
                LockKey.of("doc", "a/"),
                LockKey.of("doc", "/"),
                LockKey.of("..", "user"),
                LockKey.of(".", "user"),
                LockKey.of("a/b", 1),
                LockKey.of("a[b", "c"),
                LockKey.of("a", "b[c"),
                LockKey.of("a", "x] y"),
                LockKey.of("a]b"),
                LockKey.of("doc", "..\\user"),
                LockKey.of("doc", "line\nbreak"),
                LockKey.of("doc", "\uD800"),
                LockKey.of("doc", "y".repeat(400)),
                LockKey.of("n".repeat(400)));
    }

    /** Each of these was sent as the address of another lock, or of none. */
    @ParameterizedTest
    @MethodSource("misleading")
    void there_is_none_where_it_could_lead_elsewhere(LockKey key) {
        assertThat(address(key)).isNull();
    }

    @Test
    void a_lock_of_another_namespace_has_none() {
        assertThat(addresses.of("billing/order[1]")).isNull();
        assertThat(addresses.of("order[1]")).isNull();
        assertThat(addresses.of("shopping/order[1]")).isNull();
        assertThat(new LockAddresses("a/b").of("a/b/order[1]")).isEqualTo("order/1");
    }
}
