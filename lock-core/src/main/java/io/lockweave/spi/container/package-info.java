/**
 * What a container implements to run locked methods: {@link io.lockweave.spi.container.LockEnvironment} with its
 * transactions, kinds of results and checks. lock-spring is one; {@code lockweave.properties} is the one without a
 * framework. Who writes a backend needs {@link io.lockweave.spi} alone.
 */
@NullMarked
package io.lockweave.spi.container;

import org.jspecify.annotations.NullMarked;
