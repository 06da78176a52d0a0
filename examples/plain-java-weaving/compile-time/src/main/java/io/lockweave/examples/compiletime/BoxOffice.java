package io.lockweave.examples.compiletime;

import io.lockweave.Locked;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sells the seats of shows. Its map is not safe for threads: what protects it is the lock of the show alone. */
final class BoxOffice {

    private final Map<String, int[]> nextSeats = new HashMap<>();

    BoxOffice(String... shows) {
        for (String show : shows) {
            nextSeats.put(show, new int[] {1});
        }
    }

    /** The next seat of a show, or nothing if it is sold out. Two shows are sold side by side, one show one by one. */
    Optional<Integer> sell(String show, int seats) {
        return next(show, seats);
    }

    /** Private, and called from within: a weaver locks it all the same. */
    @Locked(name = "show", key = "#show")
    private Optional<Integer> next(String show, int seats) {
        int[] next = nextSeats.get(show);
        int seat = next[0];
        if (seat > seats) {
            return Optional.empty();
        }
        Thread.onSpinWait(); // gives the others every chance to read the same seat
        next[0] = seat + 1;
        return Optional.of(seat);
    }
}
