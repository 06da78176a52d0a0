/**
 * Suspending functions of Kotlin under locks. Loaded only where Kotlin's standard library is. Its public types are
 * for containers. Internal: no promise of compatibility.
 */
@NullMarked
package io.lockweave.coroutine;

import org.jspecify.annotations.NullMarked;
