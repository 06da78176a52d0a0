/** Tells mistakes of locked methods while they are compiled. */
@NullMarked
package io.lockweave.processor;

import org.jspecify.annotations.NullMarked;
