package io.lockweave.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockUsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What development environments offer is what the application accepts. */
class MetadataTest {

    private static final String TYPE_AND_DESCRIPTION = "\"type\": \"[^\"]+\",\\s*\"description\": \"[^\"]+\",\\s*";

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LockingAutoConfiguration.class));

    private static List<String> found(String pattern) throws IOException {
        try (InputStream in =
                LockingAutoConfiguration.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<String> found = new ArrayList<>();
            Matcher properties = Pattern.compile(pattern)
                    .matcher(text.substring(text.indexOf("\"properties\""), text.indexOf("\"hints\"")));
            while (properties.find()) {
                found.add(properties.group(1));
            }
            return found;
        }
    }

    /** The message for an unknown property lists the valid ones. */
    private Set<String> valid() {
        Set<String> valid = new TreeSet<>();
        application.withPropertyValues("lockweave.zzzzzzzzzzzz=1").run(context -> {
            Throwable failure = context.getStartupFailure();
            while (!(failure instanceof LockUsageException)) {
                failure = failure.getCause();
            }
            String remedy = ((LockUsageException) failure).remedy();
            Stream.of(remedy.substring("use one of ".length()).split(", "))
                    .filter(name -> !name.startsWith("locks.<name>"))
                    .forEach(name -> valid.add("lockweave." + name));
        });
        return valid;
    }

    @Test
    void every_property_is_described_and_none_that_does_not_exist() throws IOException {
        List<String> described = found("\"name\": \"(lockweave\\.[^\"]+)\",\\s*\"type\"");

        assertThat(described.stream()
                        .filter(name -> !name.equals("lockweave.locks"))
                        .collect(Collectors.toSet()))
                .isEqualTo(valid());
        assertThat(found("\"description\": \"([^\"]+)\"")).hasSizeGreaterThanOrEqualTo(described.size());
    }

    @Test
    void the_default_values_said_there_are_accepted() throws IOException {
        List<String> defaults =
                found("\"name\": \"(lockweave\\.[^\"]+)\",\\s*" + TYPE_AND_DESCRIPTION + "\"defaultValue\"");
        assertThat(defaults).isNotEmpty();
        String[] settings = defaults.stream().map(this::withDefault).toArray(String[]::new);

        application.withPropertyValues(settings).run(context -> assertThat(context)
                .hasNotFailed());
    }

    private String withDefault(String name) {
        try {
            String value = found("\"name\": \"" + Pattern.quote(name) + "\",\\s*" + TYPE_AND_DESCRIPTION
                            + "\"defaultValue\": \"?([^\"\\n]+)\"?\\n")
                    .get(0);
            return name + "=" + value;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
