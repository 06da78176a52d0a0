package io.lockweave.jdbc.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.TableLocation;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Two transactions that lock the same rows in two orders wait for each other: the order must not depend on the caller.
 */
class RowKeysTest {

    /** Of no type that keys are converted to. */
    private static final TableColumn COLUMN = new TableColumn("id", "id", Types.OTHER, "other");

    private static final UserTable TABLE = new UserTable(
            Dialects.PORTABLE,
            "t",
            "t",
            new TableLocation("", null, null, "t"),
            Map.of("id", COLUMN),
            Map.of(1, COLUMN));

    private static List<String> order(Object... keys) {
        return RowKeys.sorted(TABLE, List.of(COLUMN), Arrays.asList(keys)).stream()
                .map(key -> RowKeys.text(key.values()))
                .toList();
    }

    @Test
    void numbersAreInTheOrderOfTheirValuesHoweverTheyAreTyped() {
        assertThat(order(10, 9L, "2")).containsExactly("2", "9", "10");
        assertThat(order("10", "9", "2")).containsExactly("2", "9", "10");
        assertThat(order(10.5d, Double.NaN, 2)).containsExactly("2", "10.5", "NaN");
    }

    @Test
    void textIsInOneOrderWhateverItsCase() {
        assertThat(order("b", "A", "C")).containsExactly("A", "b", "C");
        assertThat(order("B", "a", "c")).containsExactly("a", "B", "c");
        assertThat(order("a", "A")).containsExactly("A", "a");
    }

    @Test
    void bytesAreInTheOrderOfTheirValuesNotOfTheirAddresses() {
        List<Object> keys = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            keys.add(new byte[] {(byte) (i * 5), 1});
        }
        List<String> first = order(keys.toArray());
        Collections.shuffle(keys);
        List<Object> copies = new ArrayList<>();
        keys.forEach(key -> copies.add(((byte[]) key).clone()));
        assertThat(order(copies.toArray())).isEqualTo(first).isSorted();
        assertThat(order(new byte[] {1}, new byte[] {1})).containsExactly("01");
    }

    @Test
    void uuidsAreInTheOrderOfTheirTextWhetherTheyAreTextOrNot() {
        UUID low = UUID.fromString("10000000-0000-0000-0000-000000000000");
        UUID high = UUID.fromString("f0000000-0000-0000-0000-000000000000");
        assertThat(order(high, low)).containsExactly(low.toString(), high.toString());
        assertThat(order(high.toString(), low.toString())).containsExactly(low.toString(), high.toString());
    }

    @Test
    void aPartOfAKeyThatIsNullIsAUsageError() {
        List<Object> key = Collections.singletonList(Arrays.asList(1, null));
        assertThatThrownBy(() -> RowKeys.sorted(TABLE, List.of(COLUMN, COLUMN), key))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("null");
    }
}
