/** Locks inside one JVM. */
@NullMarked
package io.lockweave.local;

import org.jspecify.annotations.NullMarked;
