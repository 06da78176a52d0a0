/** Targets T3 to T6: programs that race locks of a store beside the peers and a floor, in one JVM or several. */
@NullMarked
package io.lockweave.benchmarks.contest;

import org.jspecify.annotations.NullMarked;
