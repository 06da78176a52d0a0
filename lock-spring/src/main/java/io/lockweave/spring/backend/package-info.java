/**
 * The locks of an application: which backends it has, by its beans and properties, and who goes along with
 * acquisitions.
 */
@NullMarked
package io.lockweave.spring.backend;

import org.jspecify.annotations.NullMarked;
