package io.lockweave.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links inside of the project lead to a file, and to a heading of it. */
class LinksTest {

    private static final Pattern TARGET = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Page> pages = Page.written();
        assertThat(pages.stream().map(Page::name))
                .contains("CHANGELOG.md", "examples/kotlin/README.md", "docs/spring.md");
        for (Page page : pages) {
            Matcher link = TARGET.matcher(page.prose());
            while (link.find()) {
                if (!link.group(1).contains("://") && !leadsSomewhere(page, link)) {
                    broken.add(page.name() + ": " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Page from, Matcher link) {
        String file = link.group(1);
        String anchor = link.group(2);
        Path target = file.isEmpty()
                ? from.path()
                : Objects.requireNonNull(from.path().getParent()).resolve(file);
        return Files.exists(target)
                && (anchor == null || Page.read(target).anchors().contains(anchor));
    }
}
