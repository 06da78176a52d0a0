package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Expressions with names need them in the class file. */
class ParameterNamesTest {

    private static final String CODE = """
            package com.acme;

            public class Points {
                @io.lockweave.Locked(key = "%s")
                public void add(long id) {}
            }
            """;

    @Test
    void withoutThemTheNameIsAnError() {
        assertThat(new Compiler()
                        .without("-parameters")
                        .source(CODE.formatted("#id"))
                        .compile())
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.isError()).isTrue();
                    assertThat(told.line()).isEqualTo(4);
                    assertThat(told.message())
                            .isEqualTo("key = \"#id\" of com.acme.Points.add(long): the class file has no parameter"
                                    + " names, so #id is not known. To fix it: compile with -parameters, or write the"
                                    + " position: #p0.");
                });
    }

    @Test
    void positionsNeedNone() {
        assertThat(new Compiler()
                        .without("-parameters")
                        .source(CODE.formatted("#p0"))
                        .compile())
                .isEmpty();
    }
}
