/**
 * The engine behind {@link io.lockweave.Locks}: gates, hand-over, wait loop, keeper, holds. Internal: no promise of
 * compatibility.
 */
@NullMarked
package io.lockweave.engine;

import org.jspecify.annotations.NullMarked;
