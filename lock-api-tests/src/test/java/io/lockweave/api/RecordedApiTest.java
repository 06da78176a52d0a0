package io.lockweave.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each published module promises is what {@code src/api} says: {@code -Dapi.write=true} writes it anew. */
class RecordedApiTest {

    @ParameterizedTest
    @ValueSource(strings = {"lock-core", "lock-jdbc", "lock-processor", "lock-redis", "lock-spring", "lock-testkit"})
    void theApiIsAsRecorded(String module) throws IOException {
        Path recorded = Path.of("src/api", module + ".txt");
        List<String> api = ModuleApi.of(Path.of("..", module)).lines();
        if (Boolean.getBoolean("api.write")) {
            Files.write(recorded, api);
        }
        assertThat(difference(withTypes(Files.readAllLines(recorded)), withTypes(api)))
                .as("The API of " + module + " has changed. If that is meant: mvn -pl lock-api-tests -am test"
                        + " -Dtest=RecordedApiTest -Dapi.write=true -Dsurefire.failIfNoSpecifiedTests=false,"
                        + " and commit the change of src/api with it")
                .isEmpty();
    }

    /** Each member with the type that it is listed under. */
    private static Set<String> withTypes(List<String> lines) {
        Set<String> all = new LinkedHashSet<>();
        String type = "";
        for (String line : lines) {
            type = line.startsWith(" ") ? type : line;
            all.add(line.equals(type) ? type : type + ": " + line.strip());
        }
        return all;
    }

    private static List<String> difference(Set<String> recorded, Set<String> api) {
        return Stream.concat(
                        recorded.stream().filter(line -> !api.contains(line)).map(line -> "- " + line),
                        api.stream().filter(line -> !recorded.contains(line)).map(line -> "+ " + line))
                .toList();
    }
}
