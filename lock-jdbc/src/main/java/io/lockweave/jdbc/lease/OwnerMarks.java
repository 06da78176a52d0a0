package io.lockweave.jdbc.lease;

import io.lockweave.spi.Grant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The values of a statement about several grants: their keys, then their owners, as often as the statement has marks.
 * The number of marks is a power of two, so that few statements differ.
 *
 * @param count the marks for keys, and as many for owners
 * @param values for all of them
 * @param grants whose they are
 */
record OwnerMarks(int count, List<Object> values, List<Grant> grants) {

    /** Grants in one statement. */
    private static final int MOST = 128;

    /** For all of these, in the order of keys, so that two statements do not wait for each other in a circle. */
    static List<OwnerMarks> of(List<Grant> grants) {
        List<Grant> sorted = new ArrayList<>(new LinkedHashSet<>(grants));
        sorted.sort(Comparator.comparing(grant -> grant.key().fingerprint()));
        List<OwnerMarks> all = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += MOST) {
            all.add(ofPart(sorted.subList(from, Math.min(sorted.size(), from + MOST))));
        }
        return all;
    }

    private static OwnerMarks ofPart(List<Grant> part) {
        int count = Math.max(1, Integer.highestOneBit(part.size() * 2 - 1));
        List<Object> values = new ArrayList<>(count * 2);
        for (int i = 0; i < count; i++) {
            values.add(part.get(Math.min(i, part.size() - 1)).key().fingerprint());
        }
        for (int i = 0; i < count; i++) {
            values.add(part.get(Math.min(i, part.size() - 1)).owner());
        }
        return new OwnerMarks(count, values, part);
    }
}
