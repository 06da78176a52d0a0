/** {@link io.lockweave.jdbc.LockedRow} on beans: rows locked in Spring's current transaction. */
@NullMarked
package io.lockweave.spring.row;

import org.jspecify.annotations.NullMarked;
