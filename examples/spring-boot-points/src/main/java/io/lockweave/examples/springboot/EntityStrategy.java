package io.lockweave.examples.springboot;

/** A way to add points to a JPA entity: read, compute, save. */
interface EntityStrategy extends Strategy {

    @Override
    default String kind() {
        return "JPA";
    }
}
