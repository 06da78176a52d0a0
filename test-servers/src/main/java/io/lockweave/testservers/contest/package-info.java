/** Fleets of JVMs that contend for locks while they and their servers are put through faults. */
@NullMarked
package io.lockweave.testservers.contest;

import org.jspecify.annotations.NullMarked;
