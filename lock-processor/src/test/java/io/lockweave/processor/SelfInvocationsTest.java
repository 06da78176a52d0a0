package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls on {@code this} go past a proxy. */
class SelfInvocationsTest {

    private static final String CODE = """
            package com.acme;
            import io.lockweave.Locked;
            import java.util.List;

            public class Points {
                private Points self;

                @Locked(key = "#id")
                public void add(long id) {}

                public void addAll(List<Long> ids) {
                    ids.forEach(this::add);
                    for (long id : ids) {
                        add(id);
                        this.add(id);
                        self.add(id);
                        new Points().add(id);
                        Runnable later = () -> add(id);
                        new Thread() {
                            @Override
                            public void run() {
                                Points.this.add(id);
                            }
                        };
                    }
                }

                @SuppressWarnings("lockweave")
                public void quietly() {
                    add(1);
                }
            }
            """;

    @Test
    void bothLinesAreNamed() {
        List<Compiler.Told> told =
                new Compiler().with("-Alockweave.mode=proxy").source(CODE).compile();
        assertThat(told).noneMatch(Compiler.Told::isError);
        assertThat(told)
                .extracting(Compiler.Told::code)
                .containsExactly(
                        "ids.forEach(this::add);",
                        "add(id);",
                        "this.add(id);",
                        "Runnable later = () -> add(id);",
                        "Points.this.add(id);");
        assertThat(told.get(1).message())
                .isEqualTo("com.acme.Points.addAll(List) calls com.acme.Points.add(long) of the same object in line 14,"
                        + " where no proxy sees it, so it runs without its lock of line 8. To fix it: move"
                        + " one of them to"
                        + " another bean, let the bean get itself (@Lazy) and call that, or weave the class"
                        + " with AspectJ"
                        + " (lockweave.mode = aspectj).");
    }

    @Test
    void anErrorOnRequest() {
        assertThat(new Compiler()
                        .with("-Alockweave.mode=proxy", "-Alockweave.selfInvocation=error")
                        .source(CODE)
                        .compile())
                .filteredOn(Compiler.Told::isError)
                .hasSize(6);
    }

    @Test
    void nothingWhereCodeIsWovenOrNobodyAsks() {
        assertThat(new Compiler().with("-Alockweave.mode=aspectj").source(CODE).compile())
                .isEmpty();
        assertThat(new Compiler()
                        .with("-Alockweave.mode=proxy", "-Alockweave.selfInvocation=ignore")
                        .source(CODE)
                        .compile())
                .isEmpty();
        assertThat(new Compiler().source(CODE).compile())
                .as("without lock-spring there are no proxies")
                .isEmpty();
    }
}
