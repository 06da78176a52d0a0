/**
 * Runs locked methods, for the aspect and for proxies alike: evaluate condition and keys, acquire, proceed, complete,
 * release. Uses the public {@link io.lockweave.Locks} alone.
 */
@NullMarked
package io.lockweave.invoke;

import org.jspecify.annotations.NullMarked;
