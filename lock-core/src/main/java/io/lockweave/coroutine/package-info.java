/**
 * Suspending functions of Kotlin under locks. Loaded only where Kotlin's standard library is; internal, but for those
 * who integrate a framework.
 */
@NullMarked
package io.lockweave.coroutine;

import org.jspecify.annotations.NullMarked;
