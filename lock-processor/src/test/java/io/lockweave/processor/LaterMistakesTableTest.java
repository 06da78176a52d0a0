package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The second table in docs/mistakes.md: its messages are told by several modules, in set-ups of their own. What is the
 * same in each of them stands in the sources word by word.
 */
class LaterMistakesTableTest {

    private static final Path DOCS = Path.of("../docs/mistakes.md");
    private static final List<Path> SOURCES =
            List.of(Path.of("../lock-core/src/main/java"), Path.of("../lock-spring/src/main/java"));

    /** Where one text literal is joined to the next one. */
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    /** What differs: names, places and numbers of the example. */
    private static final Pattern OF_THE_EXAMPLE = Pattern.compile("(?:com\\.acme[\\w.$]*(?:\\([\\w.]*\\))?"
            + "|\\$\\{nowhere\\S*|nowhere\\b|(?:a lock )?\"[^\"]*\"|\\bline \\d+|\\bmain\\b|^key = |\\bname of\\b)");

    @Test
    void eachMessageIsMadeOfWhatTheSourcesSay() throws IOException {
        String texts = sources();
        String docs = Files.readString(DOCS);
        List<String> rows = docs.substring(docs.indexOf("## What only shows later"))
                .lines()
                .filter(line -> line.startsWith("| ") && line.endsWith("` |"))
                .toList();
        assertThat(rows).hasSize(7);
        for (String row : rows) {
            String message = row.substring(row.lastIndexOf("| `") + 3, row.length() - 3);
            String fixed = String.join("\n", OF_THE_EXAMPLE.split(message));
            assertThat(fixed).as(row).contains("To fix it: ");
            List<String> parts = Stream.of(fixed.split("\n|\\. To fix it: |\\. |; |, or "))
                    .map(part -> part.replaceAll("^[\\s.:;,()]+|[\\s.:;,]+$", ""))
                    .filter(part -> part.length() > 3)
                    .toList();
            assertThat(parts).as(row).hasSizeGreaterThan(1);
            assertThat(parts.stream().filter(part -> !texts.contains(part)))
                    .as(row)
                    .isEmpty();
        }
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).collect(Collectors.toList())) {
                    all.append(JOINED.matcher(Files.readString(file)).replaceAll(""));
                }
            }
        }
        return all.toString();
    }
}
