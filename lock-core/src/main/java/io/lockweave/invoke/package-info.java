/**
 * Runs locked methods, for the aspect and for proxies alike: evaluate condition and keys, acquire, proceed, complete,
 * release. Uses the public {@link io.lockweave.Locks} alone. Its public types are for containers, as
 * {@link io.lockweave.spi.container} says. Internal: no promise of compatibility.
 */
@NullMarked
package io.lockweave.invoke;

import org.jspecify.annotations.NullMarked;
