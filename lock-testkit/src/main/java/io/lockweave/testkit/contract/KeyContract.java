package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockPlace;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rule 12 call by call: two texts never share a lock, one text always does, and no text is ever interpreted. */
interface KeyContract extends Contract {

    /** Texts that stores fold, trim, normalize, replace, match as patterns, or cut. */
    List<String> ALIKE = List.of(
            "a",
            "A",
            "b",
            "b ",
            "b\u00a0",
            "b\t",
            "\u00e9",
            "e\u0301",
            "\u00c9",
            "i",
            "I",
            "\u0131",
            "\u0130",
            "ss",
            "\u00df",
            "SS",
            "\uff41",
            "\u0430",
            "k",
            "\u212a",
            "x",
            "x\0",
            "x\0y",
            "\0",
            "x\r\n",
            "x\n",
            "x\r",
            "?",
            "\ufffd",
            "\ud800",
            "\ud801",
            "\udc00",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\ud83d",
            "{x}",
            "{x",
            "x}",
            "{}x",
            "x}{x",
            "%",
            "_",
            "%%",
            "*",
            "[a]",
            "\\",
            "\\\\",
            "\\*",
            "1",
            "01",
            "1.0",
            "1e0",
            "+1",
            "null",
            "NULL",
            "\ufeffx",
            "x\u200b",
            "x\u200d",
            "\u202ex");

    /** Texts that try to be code. */
    List<String> HOSTILE = List.of(
            "'; DROP TABLE lockweave_lock; --",
            "' OR '1'='1",
            "\" OR \"\"=\"",
            "x') ON CONFLICT DO NOTHING; --",
            "/* */ -- # ;",
            "]] redis.call('FLUSHALL') --[[",
            "\" .. redis.call('FLUSHALL') .. \"",
            "*1\r\n$8\r\nFLUSHALL\r\n",
            "${jndi:ldap://127.0.0.1/x}",
            "#{T(java.lang.Runtime).getRuntime()}",
            "%s%n%x",
            "$1 :x ? @y",
            "\\'; \\u0027",
            "../../etc/passwd",
            "<script>alert(1)</script>");

    @Test
    default void rule12_textsThatLookAlikeAreDifferentKeys() {
        assertAllDifferent(ALIKE.stream().map(fixture()::key).toList());
    }

    @Test
    default void rule12_thePartsOfAKeyNeverRunTogether() {
        String a = fixture().unique("a");
        assertAllDifferent(List.of(
                LockKey.of(a + ":b", "c"),
                LockKey.of(a, "b:c"),
                LockKey.of(a + ":b:c"),
                LockKey.of("b", "c").in(a),
                LockKey.of("b:c").in(a),
                LockKey.of("c").in(a + ":b"),
                LockKey.of("b").in(a),
                LockKey.of(a).in("b"),
                LockKey.of("b", a),
                LockKey.of(a, "b"),
                LockKey.of(a + "[b]"),
                LockKey.of(a + "b"),
                LockKey.of("{b}").in(a),
                LockKey.of("b").in("{" + a + "}"),
                LockKey.of("1", "1").in(a),
                LockKey.of("11").in(a),
                LockKey.of("1\0001").in(a)));
    }

    @Test
    default void rule12_namesAndNamespacesAreAsOpaqueAsValues() {
        List<LockKey> keys = new ArrayList<>();
        for (String text : List.of("n", "N", "n ", "n\0", "{n}", "n'", "n\r\n", "\u00e9", "e\u0301", "\ud800")) {
            keys.add(LockKey.of(fixture().unique(text) + text, "v").in("contract"));
            keys.add(LockKey.of("n", "v").in(fixture().unique(text) + text));
        }
        assertAllDifferent(keys);
    }

    @Test
    default void rule12_aKeyMayBeAMebibyteLong() {
        String start = "x".repeat(1 << 20);
        assertAllDifferent(List.of(
                fixture().key(start),
                fixture().key(start + "y"),
                fixture().key(start + "z"),
                fixture().key("y" + start)));
    }

    @Test
    default void rule12_hostileTextsAreOnlyTexts() {
        LockStore store = fixture().store();
        Grant bystander = fixture().granted(store, exclusive(fixture().key()));

        assertAllDifferent(Stream.concat(
                        HOSTILE.stream().map(fixture()::key),
                        HOSTILE.stream().map(text -> LockKey.of(fixture().unique("") + text, "v")
                                .in(text)))
                .toList());

        fixture().busy(store, exclusive(bystander.key()));
        assertThat(store.release(bystander))
                .as("a lock that was held all the time")
                .isTrue();
    }

    @Test
    default void rule12_hostilePlacesAreOnlyTexts() {
        LockStore store = fixture().store();
        for (String text : HOSTILE) {
            LockKey key = fixture().key();
            Grant grant =
                    fixture().granted(store, Fixture.from(exclusive(key), new LockPlace(text, 1, text + "\0\ud800")));
            assertThat(store.find(key)).isPresent();
            fixture().busy(store, exclusive(key));
            assertThat(store.release(grant)).isTrue();
        }
    }

    /** Takes all keys at once, then checks that each is itself and nobody else. */
    private void assertAllDifferent(List<LockKey> keys) {
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        List<Grant> grants = new ArrayList<>();
        for (LockKey key : keys) {
            grants.add(fixture().granted(store, exclusive(key)));
        }
        for (Grant grant : grants) {
            fixture().busy(other, exclusive(grant.key()));
            assertThat(store.find(grant.key()).orElseThrow().holders())
                    .as("holders of %s", grant.key())
                    .extracting(holder -> holder.owner())
                    .containsExactly(grant.owner());
        }
        assertThat(store.renew(grants, Fixture.LONG)).containsOnly(Renewal.HELD);
        for (Grant grant : grants) {
            assertThat(store.release(grant)).as("release of %s", grant.key()).isTrue();
            assertThat(store.find(grant.key()))
                    .as("%s after its release", grant.key())
                    .isEmpty();
        }
    }
}
