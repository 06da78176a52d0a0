package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An argument has one key, whatever the calls before were: in a JVM that has just started as in one that is warm. */
class WarmKeysTest {

    /** More calls than any of SpEL's thresholds. */
    private static final int WARM = 120;

    private static final List<String> OF_ANYTHING = List.of(
            "#x",
            "#p0",
            "#x + 1",
            "#x - 1",
            "#x * 2",
            "#x / 3",
            "#x % 7",
            "-#x",
            "#x ^ 2",
            "#x + #x",
            "#x + ':x'",
            "'x:' + #x",
            "#x > 1000",
            "#x * 10 > 10000",
            "#x == 42",
            "#x?.toString() ?: 'nil'",
            "#x ?: 'nil'",
            "#x == null ? 'nil' : #x",
            "#x.id",
            "#x?.id",
            "#x.name",
            "#x.getId()",
            "#x.amount",
            "#x.amount + 1",
            "#x.amount * 10 > 10000",
            "#x.toString()",
            "#x.hashCode()",
            "#x.length()",
            "#x[0]",
            "#x['k']",
            "#x.size()",
            "#x.get(0)",
            "{#x, 'z'}",
            "#x.![#this]",
            "#x.?[#this != null]",
            "#root.args[0]",
            "#root.methodName + #x",
            "T(String).valueOf(#x)",
            "T(java.util.Objects).hash(#x)",
            "T(java.lang.String).format('%s', #x)",
            "T(java.lang.Math).abs(#x)",
            "T(java.lang.Long).toHexString(#x)",
            "T(io.lockweave.invoke.WarmKeysTest$Keys).of(#x)",
            "T(io.lockweave.invoke.WarmKeysTest$Keys).overloaded(#x)",
            "new io.lockweave.invoke.WarmKeysTest$Ref(#x)",
            "new io.lockweave.invoke.WarmKeysTest$Ref(#x).text",
            "new String(#x)",
            "new java.math.BigDecimal(#x)");

    private static final List<@Nullable Object> VALUES = Arrays.asList(
            null,
            42,
            42L,
            (short) 42,
            4294967301L,
            1001,
            1000.99,
            1.5f,
            new BigDecimal("1000.99"),
            new BigDecimal("42"),
            BigInteger.TEN.pow(20),
            new AtomicInteger(7),
            "42",
            "text",
            'c',
            true,
            UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
            Optional.of(1),
            Optional.empty(),
            List.of(1, 2),
            List.of("a"),
            List.of(),
            new int[] {3, 4},
            new Object[] {"a", 1},
            Map.of("k", "v"),
            new Event(),
            new OrderEvent(),
            new Account(),
            new SavingsAccount(),
            new Payment(5),
            new Payment(new BigDecimal("1000.99")),
            new Payment(4294967301L));

    @Test
    void theCallsBeforeDoNotChangeTheKey() {
        List<String> wrong = new ArrayList<>();
        for (String expression : OF_ANYTHING) {
            compare(expression, "anything", VALUES, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void theCallsBeforeDoNotChangeTheKeyOfParametersWithATypeOfTheirOwn() {
        List<String> wrong = new ArrayList<>();
        List<@Nullable Object> payments = Arrays.asList(
                new Payment(7), new Payment(new BigDecimal("1000.99")), new Payment(4294967301L), new Refund(1), null);
        for (String expression :
                List.of("#x.amount", "#x?.amount", "#x.amount + 1", "-#x.amount", "#x.amount * 10 > 10000")) {
            compare(expression, "payment", payments, wrong);
        }
        List<@Nullable Object> accounts = Arrays.asList(new Account(), new SavingsAccount(), null);
        for (String expression : List.of("#x.id", "#x?.id", "#x.id + '!'", "#x.owner", "#x.owner.length()")) {
            compare(expression, "account", accounts, wrong);
        }
        List<@Nullable Object> events = Arrays.asList(new Event(), new OrderEvent(), null);
        for (String expression : List.of(
                "T(io.lockweave.invoke.WarmKeysTest$Keys).of(#x)",
                "new io.lockweave.invoke.WarmKeysTest$Ref(#x).text",
                "#x.number")) {
            compare(expression, "event", events, wrong);
        }
        assertThat(wrong).isEmpty();
    }

    /** After every value has been the one seen often, all of them have the key they have at a first call. */
    private static void compare(String expression, String method, List<@Nullable Object> values, List<String> wrong) {
        List<String> cold = new ArrayList<>();
        for (Object value : values) {
            cold.add(new KeysOfExpressions(expression, method).of(value));
        }
        for (int often = 0; often < values.size(); often++) {
            if (cold.get(often).equals(KeysOfExpressions.REFUSED)
                    && values.get(often) != null
                    && !(values.get(often) instanceof Optional<?>)) {
                continue; // fails in the expression, which is slow and teaches SpEL nothing
            }
            KeysOfExpressions warm = new KeysOfExpressions(expression, method);
            for (int i = 0; i < WARM; i++) {
                warm.of(values.get(often));
            }
            for (int i = 0; i < values.size(); i++) {
                String key = warm.of(values.get(i));
                if (!key.equals(cold.get(i))) {
                    wrong.add(expression + " of " + values.get(i) + " is " + key + " after " + values.get(often)
                            + " instead of " + cold.get(i));
                }
            }
        }
    }

    /** Other annotations than {@code @Locked} have keys too, whose values are not texts: {@code @LockedRow}. */
    @Test
    void theCallsBeforeDoNotChangeTheValueOfOtherKeys() throws Exception {
        Method method = KeysOfExpressions.Parameters.class.getDeclaredMethod("payment", Payment.class);
        List<Payment> payments = List.of(
                new Payment(7), new Payment(new BigDecimal("1000.99")), new Payment(4294967301L), new Refund(1));
        for (String text : List.of("#x.amount", "#x.amount + 1", "{#x.amount, -#x.amount}", "#x.amount * 10 > 10000")) {
            for (Payment often : payments) {
                KeyExpression warm = KeyExpression.of(method, "key", text);
                for (int i = 0; i < WARM; i++) {
                    warm.value(null, null, new Object[] {often});
                }
                for (Payment payment : payments) {
                    assertThat(warm.value(null, null, new Object[] {payment}))
                            .as("%s of %s after %s", text, payment.getAmount(), often.getAmount())
                            .isEqualTo(KeyExpression.of(method, "key", text).value(null, null, new Object[] {payment}));
                }
            }
        }
    }

    @Test
    void nothingIsEvaluatedTwice() {
        KeysOfExpressions keys = new KeysOfExpressions("#x.next() > 0 ? #x.value.length() : 0");
        Counting counting = new Counting();
        for (int i = 1; i <= WARM; i++) {
            assertThat(keys.of(counting)).isEqualTo("3");
        }
        counting.value = new StringBuilder("four");
        assertThat(keys.of(counting)).isEqualTo("4");
        assertThat(counting.calls).isEqualTo(WARM + 1);
    }

    /** Counts its calls. */
    public static final class Counting {
        private int calls;
        private Object value = "one";

        public int next() {
            return ++calls;
        }

        public Object getValue() {
            return value;
        }
    }

    /** A sum that changes its type. */
    public static class Payment {
        private final Number amount;

        Payment(Number amount) {
            this.amount = amount;
        }

        public Number getAmount() {
            return amount;
        }
    }

    /** Overrides with a narrower type. */
    public static final class Refund extends Payment {

        Refund(Number amount) {
            super(amount);
        }

        @Override
        public Integer getAmount() {
            return -1;
        }
    }

    /** Has a public field. */
    public static class Account {
        public String id = "base";

        public String getOwner() {
            return "anybody";
        }
    }

    /** Hides it. */
    public static final class SavingsAccount extends Account {
        public String id = "savings";

        @Override
        public String getOwner() {
            return "somebody";
        }
    }

    /** Something with overloads for it. */
    public static class Event {

        public int number() {
            return 1;
        }

        @Override
        public String toString() {
            return "event";
        }
    }

    /** Its subtype. */
    public static final class OrderEvent extends Event {

        public int getNumber() {
            return 2;
        }

        @Override
        public String toString() {
            return "order";
        }
    }

    /** Overloaded constructors. */
    public static final class Ref {
        private final String text;

        public Ref(Event event) {
            this.text = "event-7";
        }

        public Ref(OrderEvent event) {
            this.text = "order-7";
        }

        public Ref(Object any) {
            this.text = "any-7";
        }

        public String getText() {
            return text;
        }

        @Override
        public String toString() {
            return "ref " + text;
        }
    }

    /** Overloaded methods. */
    public static final class Keys {

        private Keys() {}

        public static String of(Event event) {
            return "event-7";
        }

        public static String of(OrderEvent event) {
            return "order-7";
        }

        public static String overloaded(Object any) {
            return "any";
        }

        public static String overloaded(Comparable<?> any) {
            return "comparable";
        }

        public static String overloaded(CharSequence any) {
            return "characters";
        }

        public static String overloaded(long number) {
            return "number";
        }
    }
}
