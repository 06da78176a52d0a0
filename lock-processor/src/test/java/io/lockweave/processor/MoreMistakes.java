package io.lockweave.processor;

import java.util.List;
import java.util.stream.Stream;

/** Mistakes of which only some are seen when a method is called: of placement, of proxies, of several methods. */
final class MoreMistakes {

    private static final String LOMBOK = "package lombok; public @interface Locked {}";

    private static final String ROW =
            "package io.lockweave.jdbc; public @interface LockedRow { String table(); String key(); }";

    private MoreMistakes() {}

    /**
     * A mistake.
     *
     * @param mode how the code is locked
     * @param where where it is told
     * @param code the members of a class {@code Points}
     */
    record Mistake(String mode, String where, String code) {

        List<Compiler.Told> told() {
            Compiler compiler = new Compiler().with("-Alockweave.mode=" + mode);
            if (where.contains("without -parameters")) {
                compiler.without("-parameters");
            }
            if (code.contains("LockedRow")) {
                compiler.source(ROW);
            }
            if (code.contains("lombok")) {
                compiler.source(LOMBOK);
            }
            return compiler.source(
                            "package com.acme;\nimport io.lockweave.Locked;\npublic class Points {\n" + code + "}\n")
                    .compile();
        }
    }

    static Stream<Mistake> all() {
        return Stream.of(
                new Mistake("proxy", "compile, start", "@Locked\nprivate void hidden() {}\n"),
                new Mistake("proxy", "compile, start", "@Locked\npublic static void shared() {}\n"),
                new Mistake("proxy", "compile, start", "@Locked\npublic final void fixed() {}\n"),
                new Mistake(
                        "proxy",
                        "compile (a warning; -Alockweave.selfInvocation=error), start (a warning)",
                        "@Locked\npublic void add() {}\n\npublic void addAll() {\nadd();\n}\n"),
                new Mistake(
                        "proxy",
                        "compile, start, first call (without -parameters)",
                        "@Locked(key = \"#id\")\npublic void add(long id) {}\n"),
                new Mistake(
                        "proxy",
                        "compile, start",
                        "@Locked(name = \"report\", permits = 3)\npublic void daily() {}\n"
                                + "@Locked(name = \"report\", permits = 5)\npublic void weekly() {}\n"),
                new Mistake(
                        "proxy", "compile (a warning), start (a warning)", "@lombok.Locked\npublic void add() {}\n"),
                new Mistake(
                        "proxy",
                        "compile (a warning, since a subclass may have one), first call",
                        "@Locked(key = \"#plain\")\npublic void add(Plain plain) {}\n"
                                + "public static class Plain { }\n"),
                new Mistake(
                        "proxy",
                        "compile, start",
                        "@io.lockweave.jdbc.LockedRow(table = \"article\", key = \"#id\")\n"
                                + "private void publish(long id) {}\n"),
                new Mistake(
                        "proxy",
                        "compile, start",
                        "@io.lockweave.jdbc.LockedRow(table = \"article\", key = \"#id\")\n"
                                + "public java.util.stream.Stream<String> read(long id) { return null; }\n"));
    }
}
