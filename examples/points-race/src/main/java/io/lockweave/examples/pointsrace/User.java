package io.lockweave.examples.pointsrace;

/** A row: who, and how many points. */
record User(long id, long points) {

    User plus(int more) {
        return new User(id, points + more);
    }
}
