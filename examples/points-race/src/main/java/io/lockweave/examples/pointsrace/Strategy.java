package io.lockweave.examples.pointsrace;

/** One way to run the request {@code add_points}; one row of the table. Called from many threads at once. */
interface Strategy extends AutoCloseable {

    /** How the table calls it. */
    String name();

    /** Whether it claims to lose no update; the program fails if such a row lost one. */
    boolean losesNothing();

    /** One request: adds some points to a user. */
    void addPoints(long userId, int points) throws Exception;

    /** The points the user has now. */
    long points(long userId) throws Exception;

    /** Frees what the strategy opened. */
    @Override
    default void close() {}
}
