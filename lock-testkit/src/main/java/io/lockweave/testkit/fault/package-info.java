/** Faults on purpose: a network that cuts, delays and swallows, and a store whose calls fail or lose their answers. */
@NullMarked
package io.lockweave.testkit.fault;

import org.jspecify.annotations.NullMarked;
