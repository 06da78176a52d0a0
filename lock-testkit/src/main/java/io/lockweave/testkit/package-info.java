/**
 * The contract every backend must pass, and tools to test locked code: a race, a clock moved by hand, a forked holder, a
 * faulty network and a history checker.
 */
@NullMarked
package io.lockweave.testkit;

import org.jspecify.annotations.NullMarked;
