/** Points of users, added by many at once. */
@NullMarked
package io.lockweave.examples.springboot;

import org.jspecify.annotations.NullMarked;
