package io.lockweave.benchmarks.local;

/** Somebody with points. */
public final class User {

    private final long id;
    private long points;

    User(long id) {
        this.id = id;
    }

    /** What identifies the user. */
    public long id() {
        return id;
    }

    /** As a bean has it. */
    public long getId() {
        return id;
    }

    long add(long more) {
        points += more;
        return points;
    }
}
