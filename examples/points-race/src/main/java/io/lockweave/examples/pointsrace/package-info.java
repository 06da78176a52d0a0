/**
 * The classic lost update, raced: many requests at once read a user's points, compute, and write them back. One row of
 * the table is one way to guard that.
 */
@NullMarked
package io.lockweave.examples.pointsrace;

import org.jspecify.annotations.NullMarked;
