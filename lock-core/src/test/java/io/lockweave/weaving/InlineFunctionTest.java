package io.lockweave.weaving;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.Lockweave;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kotlin's compiler marks inline functions by a local variable; here Java's leaves the same mark. */
class InlineFunctionTest {

    private static final String SOURCE = """
            package com.acme;
            @kotlin.Metadata
            public class Points {
                @io.lockweave.Locked public void add() { int $i$f$add = 0; }
                @io.lockweave.Locked public void caller() { int $i$f$add = 0; }
            }
            """;

    @Test
    void anInlineFunctionIsRefused(@TempDir Path folder) throws Exception {
        Path kotlin = Files.createDirectories(folder.resolve("kotlin")).resolve("Metadata.java");
        Files.writeString(
                kotlin,
                "package kotlin; @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)"
                        + " public @interface Metadata {}");
        Path points = Files.createDirectories(folder.resolve("com/acme")).resolve("Points.java");
        ForkedJvm.compile(folder, List.of("-g", "-parameters"), kotlin, Files.writeString(points, SOURCE));
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            Class<?> type = loader.loadClass("com.acme.Points");

            assertThatThrownBy(() -> Lockweave.invoker().check(type.getMethod("add")))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessage("com.acme.Points.add() is an inline function: its body is copied to where Kotlin calls"
                            + " it, and runs there without its lock. To fix it: remove inline, or let it call a"
                            + " function that has @Locked.");
            assertThatCode(() -> Lockweave.invoker().check(type.getMethod("caller")))
                    .doesNotThrowAnyException();
        } finally {
            Lockweave.reset();
        }
    }
}
