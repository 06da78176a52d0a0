/** {@code @Locked} methods that return {@code Mono} or {@code Flux}. */
@NullMarked
package io.lockweave.spring.reactor;

import org.jspecify.annotations.NullMarked;
