/** What processors and compilers reorder must not show under a lock: tests for jcstress, which runs each many times. */
@NullMarked
package io.lockweave.benchmarks.stress;

import org.jspecify.annotations.NullMarked;
