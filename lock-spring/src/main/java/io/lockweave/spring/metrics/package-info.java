/** Meters and observations of locks. */
@NullMarked
package io.lockweave.spring.metrics;

import org.jspecify.annotations.NullMarked;
