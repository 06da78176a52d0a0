package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the annotation stands, and what else is seen of methods. */
class PlacementsTest {

    /** What lock-spring's and lock-jdbc's class files would say. */
    private static final String SPRING = "package io.lockweave.spring; public @interface EnableLocking {}";

    private static final String ROW = """
            package io.lockweave.jdbc;
            public @interface LockedRow {
                String table();
                String key();
                String waitTime() default "";
            }
            """;

    private static final String CODE = """
            package com.acme;
            import io.lockweave.Locked;

            public class Points {
                @Locked
                private void hidden() {}

                @Locked
                public static void shared() {}

                @Locked
                public final void fixed() {}

                @Locked
                public synchronized void slow() {}
            }
            """;

    private static List<String> codes(List<Compiler.Told> told) {
        return told.stream().map(Compiler.Told::message).toList();
    }

    @Test
    void underProxies() {
        List<Compiler.Told> told =
                new Compiler().with("-Alockweave.mode=proxy").source(CODE).compile();
        assertThat(told).allMatch(Compiler.Told::isError).allMatch(one -> one.code()
                .equals("@Locked"));
        assertThat(codes(told))
                .hasSize(3)
                .anyMatch(one -> one.contains("hidden() has no effect: it is private"))
                .anyMatch(one -> one.contains("shared() has no effect: it is static"))
                .anyMatch(one -> one.contains("fixed() has no effect: it is final"));
    }

    @Test
    void inWovenCode() {
        assertThat(new Compiler().with("-Alockweave.mode=aspectj").source(CODE).compile())
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.isError()).isTrue();
                    assertThat(told.message()).contains("inside of the monitor").contains("slow()");
                });
    }

    @Test
    void warningsWhereItIsNotSaid() {
        List<Compiler.Told> told = new Compiler().source(SPRING).source(CODE).compile();
        assertThat(told).hasSize(4).noneMatch(Compiler.Told::isError);
    }

    @Test
    void aModeThatIsNone() {
        assertThat(codes(new Compiler()
                        .with("-Alockweave.mode=magic")
                        .source(CODE)
                        .compile()))
                .contains("-Alockweave.mode=magic is not known. To fix it: give one of proxy, aspectj.");
    }

    @Test
    void finalMethodsOfInterfacesMayHaveProxiesOfThese() {
        assertThat(new Compiler().with("-Alockweave.mode=proxy").source("""
                                package com.acme;
                                public class Points implements Runnable {
                                    @Override
                                    @io.lockweave.Locked
                                    public final void run() {}
                                }
                                """).compile())
                .isEmpty();
    }

    @Test
    void rows() {
        List<Compiler.Told> told = new Compiler().source(ROW).source("""
                        package com.acme;
                        import io.lockweave.jdbc.LockedRow;

                        public class Articles {
                            @LockedRow(table = "article", key = "#article.idd")
                            public void publish(Article article) {}

                            @LockedRow(table = "article", key = "#id", waitTime = "soon")
                            public void wait(long id) {}

                            @LockedRow(table = "article", key = "#id", waitTime = "SKIP")
                            private void skip(long id) {}

                            @LockedRow(table = "article", key = "#id")
                            public java.util.stream.Stream<String> stream(long id) { return null; }
                        }

                        record Article(long id) {}
                        """).compile();
        assertThat(told).hasSize(4).allMatch(Compiler.Told::isError);
        assertThat(codes(told).get(0)).contains("com.acme.Article has no property \"idd\" (did you mean id?)");
        assertThat(codes(told).get(1)).contains("waitTime of com.acme.Articles.wait(long) = \"soon\" is not a time");
        assertThat(codes(told).get(2)).contains("@LockedRow on com.acme.Articles.skip(long) has no effect");
        assertThat(codes(told).get(3)).contains("goes on working after that has ended");
    }

    @Test
    void composedAndRepeatedOnes() {
        List<Compiler.Told> told = new Compiler().source("""
                        package com.acme;
                        import io.lockweave.Locked;
                        import java.lang.annotation.*;
                        import org.springframework.core.annotation.AliasFor;

                        public class Points {
                            @Retention(RetentionPolicy.RUNTIME)
                            @Repeatable(AllOfUsers.class)
                            @Locked(name = "user", waitTime = "soon")
                            @interface OfUser {
                                @AliasFor(annotation = Locked.class, attribute = "key")
                                String user();
                            }

                            @Retention(RetentionPolicy.RUNTIME)
                            @interface AllOfUsers {
                                OfUser[] value();
                            }

                            @OfUser(
                                    user = "#usr")
                            public void add(String user) {}

                            @Locked(name = "a", key = "#a")
                            @Locked(name = "b", key = "#bb")
                            public void both(String a, String b) {}

                            @OfUser(user = "#a")
                            @OfUser(user = "#bb")
                            public void twice(String a, String b) {}
                        }
                        """).compile();
        assertThat(told)
                .filteredOn(one -> one.message().contains("no parameter #usr"))
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo("user = \"#usr\")"));
        assertThat(told)
                .filteredOn(one -> one.message().contains("waitTime of com.acme.Points.add"))
                .hasSize(1);
        assertThat(told)
                .filteredOn(one -> one.message().contains("no parameter #bb"))
                .extracting(Compiler.Told::code)
                .containsExactly("@Locked(name = \"b\", key = \"#bb\")", "@OfUser(user = \"#bb\")");
    }

    @Test
    void permitsOfOneName() {
        List<Compiler.Told> told = new Compiler().source("""
                        package com.acme;
                        import io.lockweave.Locked;

                        public class Reports {
                            @Locked(name = "report", permits = 3)
                            public void daily() {}

                            @Locked(name = "report",
                                    permits = 5)
                            public void weekly() {}

                            @Locked(name = "${other}", permits = 7)
                            public void monthly() {}
                        }
                        """).compile();
        assertThat(told).singleElement().satisfies(one -> {
            assertThat(one.isError()).isTrue();
            assertThat(one.code()).isEqualTo("permits = 5)");
            assertThat(one.message())
                    .startsWith("com.acme.Reports.daily() has permits = 3 and com.acme.Reports.weekly() has permits = 5"
                            + " for the name \"report\"");
        });
    }

    @Test
    void lomboksLocked() {
        assertThat(codes(new Compiler()
                        .source("package lombok; public @interface Locked {}")
                        .source("package com.acme; class Points { @lombok.Locked void add() {} }")
                        .compile()))
                .singleElement()
                .satisfies(one -> assertThat(one)
                        .contains("@lombok.Locked on com.acme.Points.add() locks this object in this JVM"));
    }

    /** As Lombok leaves them to other processors that see the class first. */
    @Test
    void gettersThatAToolHasYetToMake() {
        assertThat(new Compiler()
                        .source("package lombok; public @interface Data {}")
                        .source("""
                                package com.acme;
                                @lombok.Data
                                class User { private long id; }
                                class Points {
                                    @io.lockweave.Locked(key = "#user.id") void add(User user) {}
                                    @io.lockweave.Locked(key = "#user") void all(User user) {}
                                }
                                """)
                        .compile())
                .isEmpty();
    }
}
