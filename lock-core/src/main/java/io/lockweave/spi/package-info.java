/**
 * What a backend implements. A backend is small: it never waits, sleeps, queues or counts re-entries; the engine does.
 */
@NullMarked
package io.lockweave.spi;

import org.jspecify.annotations.NullMarked;
