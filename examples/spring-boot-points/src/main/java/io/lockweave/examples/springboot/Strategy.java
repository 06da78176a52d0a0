package io.lockweave.examples.springboot;

import java.time.Duration;

/** A way to add points: read, work, write. */
interface Strategy {

    /** How requests name it. */
    String id();

    /** What people read. */
    String title();

    /** How it reaches the database. */
    default String kind() {
        return "SQL";
    }

    /** Adds one point and returns the points read before. */
    int add(String user, Duration work);
}
