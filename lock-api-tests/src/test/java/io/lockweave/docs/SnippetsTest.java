package io.lockweave.docs;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Code in README and docs is code of a test or of an example, but for comments and white space. */
class SnippetsTest {

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(?:java|kotlin)$(.*?)^```$");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*$");
    private static final Pattern TYPE =
            Pattern.compile("(?m)^@?[a-z ]*?(?:class|interface|enum|record) (io\\.lockweave\\.(?:[a-z]+\\.)*)(\\w+)");
    private static final Pattern NAME = Pattern.compile("\\b[A-Z]\\w+");
    private static final Pattern SOURCE =
            Pattern.compile("(lock-[a-z0-9-]+/src/test|lock-kotlin-tests/src|examples/.*/src)/.*\\.(java|kt)");

    @Test
    void blocksOfCodeAreFoundInTestedSources() throws IOException {
        List<String> sources = sources();
        assertThat(sources).hasSizeGreaterThan(300);
        List<String> missing = new ArrayList<>();
        for (Page page : Page.all()) {
            BLOCK.matcher(page.text())
                    .results()
                    .map(block -> block.group(1))
                    .filter(block -> sources.stream().noneMatch(source -> isFound(block, source)))
                    .forEach(block -> missing.add(page.name() + block));
        }
        assertThat(missing).as("blocks that are in no tested source").isEmpty();
    }

    /** Each type of the recorded API that code names is imported somewhere on the page, before or after. */
    @Test
    void typesAreImported() throws IOException {
        Map<String, List<String>> types = new TreeMap<>();
        try (Stream<Path> records = Files.list(Path.of("src/api"))) {
            records.flatMap(record -> TYPE.matcher(Page.read(record).text()).results())
                    .forEach(type -> types.computeIfAbsent(type.group(2), name -> new ArrayList<>())
                            .add("import " + type.group(1) + type.group(2)));
        }
        assertThat(types).containsKeys("Locked", "HeldLock", "RowLock");
        List<String> missing = new ArrayList<>();
        for (Page page : Page.all()) {
            String code = BLOCK.matcher(page.text())
                    .results()
                    .map(block -> block.group(1))
                    .collect(joining());
            NAME.matcher(IMPORT.matcher(code.replaceAll("//.*", "")).replaceAll(""))
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .filter(types::containsKey)
                    .filter(name -> types.get(name).stream().noneMatch(code::contains))
                    .forEach(name -> missing.add(page.name() + ": " + name));
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isFound(String block, String source) {
        return bare(source).contains(bare(IMPORT.matcher(block).replaceAll("")))
                && IMPORT.matcher(block).results().map(MatchResult::group).allMatch(line -> sees(line, source));
    }

    /** By the same import, or as a class of the same package. */
    private static boolean sees(String line, String source) {
        return source.contains(line)
                || source.contains("package " + line.substring("import ".length(), line.lastIndexOf('.')) + ";");
    }

    private static String bare(String code) {
        return code.replaceAll("//.*", "").replaceAll("\\s", "");
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Page.ROOT)) {
            return files.filter(
                            file -> SOURCE.matcher(Page.ROOT.relativize(file).toString())
                                    .matches())
                    .map(file -> Page.read(file).text())
                    .toList();
        }
    }
}
