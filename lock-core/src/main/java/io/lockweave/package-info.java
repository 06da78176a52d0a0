/**
 * What users of Lockweave see: the {@link io.lockweave.Locked} annotation, the programmatic {@link io.lockweave.Locks},
 * and the exceptions both throw.
 */
@NullMarked
package io.lockweave;

import org.jspecify.annotations.NullMarked;
