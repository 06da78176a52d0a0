package io.lockweave.testkit.contract;

/** A part of the contract: tests as default methods, so that a backend's one class has them all. */
interface Contract {

    /** What the tests work with. */
    Fixture fixture();
}
