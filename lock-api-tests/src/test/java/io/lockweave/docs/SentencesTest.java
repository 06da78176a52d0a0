package io.lockweave.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README and each page of the docs are in short sentences. */
class SentencesTest {

    private static final double MOST_ON_AVERAGE = 16;
    private static final long MOST_IN_NINE_OF_TEN = 28;
    private static final Pattern STUMBLING = Pattern.compile(
            "\\b(mends?|for good|for ever|finds? out|found out|told|tells? of|hears? of|by reckoning)\\b");

    @Test
    void sentencesAreShort() throws IOException {
        List<Long> all = new ArrayList<>();
        for (Page page : Page.all()) {
            List<Long> lengths = page.sentences().stream().map(Page::words).toList();
            print(page.name(), lengths);
            all.addAll(lengths);
            check(page.name(), lengths);
        }
        print("all", all);
        assertThat(all).isNotEmpty();
    }

    private static void check(String name, List<Long> lengths) {
        assertThat(average(lengths))
                .as("words in a sentence of %s, on average", name)
                .isLessThanOrEqualTo(MOST_ON_AVERAGE);
        assertThat(ninetiethPercentile(lengths))
                .as("words in a sentence of %s, 90th percentile", name)
                .isLessThanOrEqualTo(MOST_IN_NINE_OF_TEN);
    }

    @Test
    void wordsThatReadersStumbleOverAreLeftOut() throws IOException {
        assertThat(Page.all().stream()
                        .flatMap(page ->
                                page.lines().filter(STUMBLING.asPredicate()).map(line -> page.name() + ": " + line)))
                .isEmpty();
    }

    private static void print(String name, List<Long> lengths) {
        System.out.printf(
                "%-40s %5d sentences, average %4.1f words, 90th percentile %2d%n",
                name, lengths.size(), average(lengths), ninetiethPercentile(lengths));
    }

    private static double average(List<Long> lengths) {
        return lengths.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    private static long ninetiethPercentile(List<Long> lengths) {
        List<Long> sorted = lengths.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 9 / 10);
    }
}
