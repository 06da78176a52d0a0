/**
 * The lease table: its statements, claims on it, its clean-up, and how its releases are told. Internal: no promise of
 * compatibility.
 */
@NullMarked
package io.lockweave.jdbc.lease;

import org.jspecify.annotations.NullMarked;
