/**
 * The SPI for those who integrate a framework: what a container implements to run locked methods. That is
 * {@link io.lockweave.spi.container.LockEnvironment} with its transactions, kinds of results and checks, and
 * {@link io.lockweave.spi.container.LockweaveProperties}. lock-spring is one container; {@code lockweave.properties} is
 * the one without a framework. Who writes a backend needs {@link io.lockweave.spi} alone.
 *
 * <p>What a container calls are the public types of {@code io.lockweave.config} and {@code io.lockweave.invoke}:
 *
 * <ol>
 *   <li>{@code LockweaveConfig.of(properties)} reads and checks the configuration,
 *   <li>{@code BackendLocks} makes the locks of each backend and ends them in order,
 *   <li>{@code ConfiguredEnvironment} joins both with what the container has,
 *   <li>{@code LockedInvoker} checks locked methods at start and runs each call of a proxy,
 *   <li>{@code Applications.open} makes woven methods of the container's classes use it too.
 * </ol>
 */
@NullMarked
package io.lockweave.spi.container;

import org.jspecify.annotations.NullMarked;
