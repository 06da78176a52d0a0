/**
 * Tools to test locked code: a race, a clock moved by hand, a holder in another JVM and a history checker. The contract
 * of every backend is in {@code contract}, faults on purpose are in {@code fault}.
 */
@NullMarked
package io.lockweave.testkit;

import org.jspecify.annotations.NullMarked;
