/** Targets T1 and T2: locks inside one JVM beside hand-written floors. */
@NullMarked
package io.lockweave.benchmarks.local;

import org.jspecify.annotations.NullMarked;
