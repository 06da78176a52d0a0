package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One table on every database: the same columns in the same order, with the same primary key. */
class SchemaFilesTest {

    private static final Pattern COLUMN = Pattern.compile("(?m)^  (\\w+) [^\\n]* not null");

    static Stream<Path> files() throws Exception {
        return Files.list(portable().getParent()).filter(file -> file.toString().endsWith(".sql"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aSchemaFileHasTheColumnsOfThePortableOne(Path file) throws Exception {
        assertThat(Files.readString(file)).contains("\n  primary key (lock_key, part)\n");
        // the queue in the row is for databases that notify those who wait
        assertThat(columns(file).stream().filter(column -> !column.equals("waiters")))
                .hasSizeGreaterThan(10)
                .containsExactlyElementsOf(columns(portable()));
    }

    private static List<String> columns(Path file) throws IOException {
        return COLUMN.matcher(Files.readString(file))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static Path portable() throws URISyntaxException {
        return Path.of(SchemaFilesTest.class
                .getResource("/io/lockweave/jdbc/schema-portable.sql")
                .toURI());
    }
}
