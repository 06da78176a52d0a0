/**
 * The properties of programs without a container: {@code lockweave.properties} on the class path and system properties,
 * read once, checked whole, with an error that lists the valid ones for whatever is not known. Its public types are for
 * containers, as {@link io.lockweave.spi.container} says. Internal: no promise of compatibility.
 */
@NullMarked
package io.lockweave.config;

import org.jspecify.annotations.NullMarked;
