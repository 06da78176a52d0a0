package io.lockweave.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table in docs/mistakes.md says what the compiler says. After a change {@code -Ddocs.write=true} writes it anew;
 * the tests of lock-core find the same texts when the methods are called.
 */
class MistakesTableTest {

    private static final Path DOCS = Path.of("../docs/mistakes.md");
    private static final Path MISTAKES = Path.of("../lock-core/src/test/java/io/lockweave/invoke/Mistakes.java");
    private static final String BEGIN = "<!-- written by a test: begin -->\n";
    private static final String END = "<!-- written by a test: end -->\n";

    @Test
    void theTableIsWhatIsTold() throws IOException {
        String rows = Stream.concat(
                        new Compiler()
                                .with("-Alockweave.mode=aspectj", "-proc:only").file(MISTAKES).compile().stream()
                                        .filter(told -> told.message().contains("To fix it"))
                                        .map(told -> row("compile, start, first call", told)),
                        MoreMistakes.all().map(mistake -> row(mistake.where(), only(mistake.told()))))
                .collect(Collectors.joining());
        String docs = Files.readString(DOCS);
        int begin = docs.indexOf(BEGIN) + BEGIN.length();
        int end = docs.indexOf(END);
        String table = "| Written | Detected | Message |\n|---|---|---|\n" + rows;
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCS, docs.substring(0, begin) + table + docs.substring(end));
        } else {
            assertThat(docs.substring(begin, end)).isEqualTo(table);
        }
        assertThat(rows.lines()).hasSizeGreaterThan(50);
    }

    private static Compiler.Told only(List<Compiler.Told> told) {
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private static String row(String where, Compiler.Told told) {
        return "| `" + told.code() + "` | " + where + " | `"
                + told.message().replace("io.lockweave.invoke.Mistakes", "com.acme.Points") + "` |\n";
    }
}
