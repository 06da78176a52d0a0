/** The aspect that weavers put around methods with {@link io.lockweave.Locked}. */
@NullMarked
package io.lockweave.aspect;

import org.jspecify.annotations.NullMarked;
