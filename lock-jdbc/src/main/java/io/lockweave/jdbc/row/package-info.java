/**
 * Row locks: the SELECT that locks, the order of its keys, and what threads have locked. Internal: no promise of
 * compatibility.
 */
@NullMarked
package io.lockweave.jdbc.row;

import org.jspecify.annotations.NullMarked;
