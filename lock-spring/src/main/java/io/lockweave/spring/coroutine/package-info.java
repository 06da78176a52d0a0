/** Suspending functions of Kotlin behind proxies. */
@NullMarked
package io.lockweave.spring.coroutine;

import org.jspecify.annotations.NullMarked;
