package io.lockweave.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** README or a page of docs. */
record Page(Path path, String text) {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern NAME = Pattern.compile("`[^`]*`");
    private static final Pattern NO_PROSE = Pattern.compile("\\s*(\\||#).*|\\s*");
    private static final Pattern ITEM = Pattern.compile("^\\s*([*-]|\\d+\\.)\\s+");
    private static final Pattern END = Pattern.compile("(?<=[.!?])\\s+(?=[A-Z0-9`*\"(])");

    static List<Page> all() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md")),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .map(Page::read)
                    .toList();
        }
    }

    /** Those and all other pages of the project: of the root, the examples and the sources. */
    static List<Page> written() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(path -> path.toString().endsWith(".md"))
                    .filter(path -> !ROOT.relativize(path).toString().matches("(.*/)?(target|\\.git)/.*"))
                    .sorted()
                    .map(Page::read)
                    .toList();
        }
    }

    static Page read(Path path) {
        try {
            return new Page(path.normalize(), Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return ROOT.relativize(path).toString();
    }

    /** What is not code. */
    String prose() {
        return CODE.matcher(text).replaceAll("\n");
    }

    /** The sentences outside of code, tables and headings: links by their text, names of code as one word. */
    List<String> sentences() {
        List<String> paragraphs = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : (prose() + "\n").split("\n", -1)) {
            boolean ends = NO_PROSE.matcher(line).matches();
            if (ends || ITEM.matcher(line).find()) {
                paragraphs.add(paragraph.toString());
                paragraph.setLength(0);
            }
            if (!ends) {
                paragraph.append(' ').append(ITEM.matcher(line).replaceFirst(""));
            }
        }
        return paragraphs.stream()
                .map(text -> NAME.matcher(LINK.matcher(text.strip()).replaceAll("$1"))
                        .replaceAll("`x`"))
                .flatMap(END::splitAsStream)
                .filter(sentence -> words(sentence) > 1)
                .toList();
    }

    /** The lines outside of code, with those of tables and headings: links by their text, without names of code. */
    Stream<String> lines() {
        return prose().lines()
                .map(line -> NAME.matcher(LINK.matcher(line).replaceAll("$1")).replaceAll(""));
    }

    static long words(String sentence) {
        return Stream.of(sentence.split("\\s+"))
                .filter(word -> word.matches(".*\\w.*"))
                .count();
    }

    /** The places that a link may point to, as GitHub names them. */
    List<String> anchors() {
        return prose().lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+\\s+", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
