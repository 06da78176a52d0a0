package io.lockweave.config;

import io.lockweave.LockUsageException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** Errors about a word that is not among the valid ones: lists them, and guesses which one was meant. */
final class Words {

    private Words() {}

    static LockUsageException unknown(String problem, String word, Collection<String> valid) {
        String guess = nearest(word, valid)
                .map(known -> "did you mean \"" + known + "\"? Valid are ")
                .orElse("use one of ");
        return new LockUsageException(problem, guess + String.join(", ", new TreeSet<>(valid)));
    }

    /** The one that was meant, if it is near enough to be sure of that. */
    static Optional<String> nearest(String word, Collection<String> valid) {
        return valid.stream()
                .filter(known -> distance(known, word) <= Math.max(2, word.length() / 4))
                .min(Comparator.comparingInt(known -> distance(known, word)));
    }

    /** Edit distance (Levenshtein 1965), by rows, ignoring case. */
    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}
